import Core

extension Optimizer {
  /// This rule's steps, each tensor's as long as the parameter.
  ///
  ///     step ← step · c ‖θ‖ / (‖step‖ + ε)        (unchanged where either norm is 0)
  ///
  /// - Parameters:
  ///   - coefficient: c; 1 unless told otherwise.
  ///   - epsilon: ε; 0 unless told otherwise.
  ///
  /// Source: [You et al. 2017], [You et al. 2020].
  public func withTrustRatio(
    coefficient: Double = 1, epsilon: Double = 0
  ) -> TrustRatioScaled<Self> {
    require(
      coefficient > 0 && epsilon >= 0,
      "withTrustRatio: the coefficient is \(coefficient), epsilon \(epsilon)")
    return TrustRatioScaled(base: self, coefficient: coefficient, epsilon: epsilon)
  }

  /// This rule's steps, each tensor's scaled down so that its root mean square is at most `limit`.
  ///
  ///     step ← step / max(1, rms(step) / limit)
  public func clippedStep(toRootMeanSquare limit: Double) -> StepClipped<Self> {
    require(limit > 0, "clippedStep: the limit \(limit) is not positive")
    return StepClipped(base: self, limit: limit)
  }

  /// This rule's steps in proportion to the parameter's root mean square.
  ///
  ///     step ← step · max(ε, rms(θ))
  ///
  /// - Parameter minimum: ε, for parameters that start at 0; 1e-3 unless told otherwise.
  public func relativeToParameter(minimum: Double = 1e-3) -> RelativeStep<Self> {
    require(minimum > 0, "relativeToParameter: the minimum \(minimum) is not positive")
    return RelativeStep(base: self, minimum: minimum)
  }
}

/// A rule with steps as long as the parameter:
/// `Optimizer.withTrustRatio(coefficient:epsilon:)`.
public struct TrustRatioScaled<Base: Optimizer>: StepWrapper {
  public typealias State = Base.State

  public var base: Base
  /// What the ratio of norms is multiplied by.
  public var coefficient: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    let step = base.step(for: gradient, of: parameter, state: &state, at: iteration)
    let (length, goal) = (step.norm().item(), parameter.norm().item())
    return length == 0 || goal == 0 ? step : (coefficient * goal / (length + epsilon)) * step
  }
}

/// A rule with bounded steps: `Optimizer.clippedStep(toRootMeanSquare:)`.
public struct StepClipped<Base: Optimizer>: StepWrapper {
  public typealias State = Base.State

  public var base: Base
  /// The greatest that is let through.
  public var limit: Double

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    let step = base.step(for: gradient, of: parameter, state: &state, at: iteration)
    let excess = rootMeanSquare(step) / limit
    return excess > 1 ? step / excess : step
  }
}

/// A rule with relative steps: `Optimizer.relativeToParameter(minimum:)`.
public struct RelativeStep<Base: Optimizer>: StepWrapper {
  public typealias State = Base.State

  public var base: Base
  /// The least norm that a parameter counts with.
  public var minimum: Double

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    let size = rootMeanSquare(parameter)
    let step = base.step(for: gradient, of: parameter, state: &state, at: iteration)
    return max(minimum, size) * step
  }
}

/// 0 for a tensor without elements.
private func rootMeanSquare(_ x: Tensor) -> Double {
  x.count == 0 ? 0 : x.norm().item() / Double(x.count).squareRoot()
}

extension TrustRatioScaled: RateAdjustable where Base: RateAdjustable {}
extension TrustRatioScaled: Sendable where Base: Sendable {}
extension StepClipped: RateAdjustable where Base: RateAdjustable {}
extension StepClipped: Sendable where Base: Sendable {}
extension RelativeStep: RateAdjustable where Base: RateAdjustable {}
extension RelativeStep: Sendable where Base: Sendable {}
