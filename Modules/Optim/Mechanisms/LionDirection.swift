import Core

/// The sign of an average of the gradient and its moving average.
///
///     step = sign(β₁ m + (1 − β₁) g)
///     m ← β₂ m + (1 − β₂) g
///
/// Source: [Chen et al. 2023].
public struct LionDirection: Optimizer, Sendable {
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double

  /// - Parameters:
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.99 unless told otherwise.
  public init(beta1: Double = 0.9, beta2: Double = 0.99) {
    requireAverage(beta1, named: "beta1", in: "LionDirection")
    requireAverage(beta2, named: "beta2", in: "LionDirection")
    self.beta1 = beta1
    self.beta2 = beta2
  }

  /// m
  public func initialState(for parameter: Tensor) -> Tensor { .zeros(like: parameter) }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Tensor, at iteration: Int
  ) -> Tensor {
    let step = sign(beta1 * state + (1 - beta1) * gradient)
    state = beta2 * state + (1 - beta2) * gradient
    return step
  }
}
