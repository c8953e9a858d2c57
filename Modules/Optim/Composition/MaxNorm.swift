import Core

extension Optimizer {
  /// This rule, and after each step every row of a weight is scaled back to a norm of at most
  /// `limit`. Scalars and vectors are left alone.
  ///
  /// A row is what leads to one output: a dense weight's row, a convolution's filter. See
  /// ``projectedToMaximumNorm(_:_:)``.
  public func withMaximumNorm(_ limit: Double) -> MaxNormLimited<Self> {
    require(limit > 0, "withMaximumNorm: the limit \(limit) is not positive")
    return MaxNormLimited(base: self, limit: limit)
  }
}

/// Every row of a tensor (along the first axis) scaled back so that its norm is at most `limit`.
///
///     wᵢ ← wᵢ · min(1, limit / ‖wᵢ‖)
///
/// - Parameter x: Shape `[row, …]`; the norm is over all axes but the first.
/// - Returns: The nearest tensor with such rows, in the shape of `x`.
///
/// Source: [Srebro et al. 2005]; with dropout, [Srivastava et al. 2014].
public func projectedToMaximumNorm(_ x: Tensor, _ limit: Double) -> Tensor {
  require(
    x.rank >= 1 && limit > 0,
    "projectedToMaximumNorm: shape \(x.shape), limit \(limit); rows need an axis")
  let squares = x.rank == 1 ? square(x) : square(x).sum(along: Array(1..<x.rank), keepingAxes: true)
  // A row of zeros gives limit / 0 = ∞, which the minimum turns into 1.
  return x * minimum(limit / sqrt(squares), 1)
}

/// A rule within rows of bounded norm: `Optimizer.withMaximumNorm(_:)`.
public struct MaxNormLimited<Base: Optimizer>: OptimizerWrapper {
  public typealias State = Base.State

  public var base: Base
  /// The greatest that is let through.
  public var limit: Double

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    let step = base.step(for: gradient, of: parameter, state: &state, at: iteration)
    if parameter.rank < 2 { return step }
    return parameter - projectedToMaximumNorm(parameter - step, limit)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout State, at iteration: Int
  ) {
    base.update(&parameter, along: gradient, state: &state, at: iteration)
    if parameter.rank >= 2 { parameter = projectedToMaximumNorm(parameter, limit) }
  }
}

extension MaxNormLimited: RateAdjustable where Base: RateAdjustable {}
extension MaxNormLimited: Sendable where Base: Sendable {}
