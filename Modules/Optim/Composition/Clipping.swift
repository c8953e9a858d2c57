import Core

extension Optimizer {
  /// This rule on gradients scaled down, all by one factor, so that their common norm is at most
  /// `limit`.
  ///
  ///     g ← g · min(1, limit / ‖g‖)
  ///
  /// Clippings act in the order in which they are written. Norms that are not finite leave the
  /// gradients as they are (see ``Gradients/clipped(toNorm:)``).
  ///
  /// Source: [Pascanu et al. 2013].
  public func clipped(toNorm limit: Double) -> NormClipped<Self> {
    require(limit > 0, "clipped: the limit \(limit) is not positive")
    return NormClipped(base: self, limit: limit)
  }

  /// This rule on gradients with each element moved into −limit…limit.
  public func clipped(toValue limit: Double) -> ValueClipped<Self> {
    require(limit > 0, "clipped: the limit \(limit) is not positive")
    return ValueClipped(base: self, limit: limit)
  }
}

/// A rule on gradients clipped to a norm: `Optimizer.clipped(toNorm:)`.
public struct NormClipped<Base: Optimizer>: OptimizerWrapper {
  public typealias State = Base.State

  public var base: Base
  /// The greatest that is let through.
  public var limit: Double

  public var isRowLocal: Bool { base.isRowLocal }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    base.prepare(gradients, at: iteration).clipped(toNorm: limit)
  }
}

/// A rule on gradients clipped element by element: `Optimizer.clipped(toValue:)`.
public struct ValueClipped<Base: Optimizer>: OptimizerWrapper {
  public typealias State = Base.State

  public var base: Base
  /// The greatest that is let through.
  public var limit: Double

  public var isRowLocal: Bool { base.isRowLocal }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    base.prepare(gradients, at: iteration).clipped(toValue: limit)
  }
}

extension NormClipped: RateAdjustable where Base: RateAdjustable {}
extension NormClipped: Sendable where Base: Sendable {}
extension ValueClipped: RateAdjustable where Base: RateAdjustable {}
extension ValueClipped: Sendable where Base: Sendable {}
