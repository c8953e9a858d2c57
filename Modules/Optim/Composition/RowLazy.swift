import Core

extension Optimizer {
  /// This rule, but of a parameter that was only looked up in, rows without a gradient stay as they
  /// are, with what is remembered for them.
  ///
  /// ```swift
  /// var training = Optimizing(model, with: Adam(learningRate: 1e-3).lazy())   // "sparse Adam"
  /// ```
  ///
  /// Averages then move in the rows in use alone, where the rule itself would let them decay in all:
  /// another rule, which is far cheaper with large tables and often no worse. Corrections for the
  /// start count all steps of the parameter. Dense gradients are treated as ever.
  ///
  /// Only for rules that treat each row by itself: not for those that look at the whole parameter,
  /// such as ``LAMB`` and ``Adafactor``.
  public func lazy() -> RowLazy<Self> { RowLazy(base: self) }
}

/// A rule that passes over rows without a gradient: `Optimizer/lazy()`.
public struct RowLazy<Base: Optimizer>: OptimizerWrapper {
  public typealias State = Base.State

  public var base: Base

  public var isRowLocal: Bool { true }
}

extension RowLazy: RateAdjustable where Base: RateAdjustable {}
extension RowLazy: Sendable where Base: Sendable {}
