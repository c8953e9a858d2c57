import Core

extension Optimizer where Self: RateAdjustable {
  /// This rule with its learning rate multiplied by a schedule's factor at each update.
  public func scheduled(_ schedule: Schedule) -> Scheduled<Self> {
    Scheduled(base: self, schedule: schedule)
  }
}

/// A rule whose rate follows a schedule: `Optimizer.scheduled(_:)`.
///
/// `learningRate` is the rate that the factor multiplies; ``learningRate(at:)`` is the product.
public struct Scheduled<Base: Optimizer & RateAdjustable>: OptimizerWrapper, RateAdjustable {
  public typealias State = Base.State

  public var base: Base
  /// The factor of the rate, by iteration.
  public var schedule: Schedule

  public func learningRate(at iteration: Int) -> Double {
    base.learningRate(at: iteration) * schedule(iteration - 1)
  }

  public var isRowLocal: Bool { base.isRowLocal }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    rule(at: iteration).step(for: gradient, of: parameter, state: &state, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout State, at iteration: Int
  ) {
    rule(at: iteration).update(&parameter, along: gradient, state: &state, at: iteration)
  }

  /// The base at the rate of one update.
  private func rule(at iteration: Int) -> Base {
    var rule = base
    rule.scaleRate(by: schedule(iteration - 1))
    return rule
  }
}

extension Scheduled: Sendable where Base: Sendable {}
