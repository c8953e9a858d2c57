import Core

extension Optimizer {
  /// This mechanism's steps times a learning rate, which schedules can then move.
  ///
  ///     θ ← θ − η step
  ///
  /// For mechanisms, whose steps have no rate yet; the rate of a complete rule is its own.
  public func scaled(by learningRate: Double) -> Scaled<Self> {
    requireRate(learningRate, in: "scaled")
    return Scaled(base: self, learningRate: learningRate)
  }

  /// This rule on the negated loss: it climbs.
  ///
  /// Weight decay within the base still draws to 0, as in PyTorch's `maximize`.
  public func maximizing() -> Maximizing<Self> { Maximizing(base: self) }

  /// The signs of this rule's steps, −1, 0 or 1 each.
  public func withSignedStep() -> SignedStep<Self> { SignedStep(base: self) }
}

/// A mechanism with a learning rate: `Optimizer.scaled(by:)`.
public struct Scaled<Base: Optimizer>: StepWrapper, RateAdjustable {
  public typealias State = Base.State

  public var base: Base
  public var learningRate: Double

  public func learningRate(at iteration: Int) -> Double { learningRate }

  public mutating func scaleRate(by factor: Double) { learningRate *= factor }

  public var isRowLocal: Bool { base.isRowLocal }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    learningRate * base.step(for: gradient, of: parameter, state: &state, at: iteration)
  }
}

/// A rule that climbs: `Optimizer.maximizing()`.
public struct Maximizing<Base: Optimizer>: OptimizerWrapper {
  public typealias State = Base.State

  public var base: Base

  public var isRowLocal: Bool { base.isRowLocal }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    base.step(for: -gradient, of: parameter, state: &state, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout State, at iteration: Int
  ) {
    base.update(&parameter, along: -gradient, state: &state, at: iteration)
  }
}

/// A rule of which only the steps' signs are kept: `Optimizer.withSignedStep()`.
public struct SignedStep<Base: Optimizer>: StepWrapper {
  public typealias State = Base.State

  public var base: Base

  public var isRowLocal: Bool { base.isRowLocal }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    sign(base.step(for: gradient, of: parameter, state: &state, at: iteration))
  }
}

extension Scaled: Sendable where Base: Sendable {}
extension Maximizing: RateAdjustable where Base: RateAdjustable {}
extension Maximizing: Sendable where Base: Sendable {}
extension SignedStep: Sendable where Base: Sendable {}
