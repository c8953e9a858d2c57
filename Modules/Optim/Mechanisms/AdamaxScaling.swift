import Core

/// ``AdamScaling`` with a decaying maximum in place of the mean square.
///
///     m ← β₁ m + (1 − β₁) g,    u ← max(β₂ u, |g| + ε)
///     step = (m / (1 − β₁ᵗ)) / u
///
/// Source: [Kingma and Ba 2015, section 7].
public struct AdamaxScaling: Optimizer, Sendable {
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double

  /// - Parameters:
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.999 unless told otherwise.
  ///   - epsilon: ε, more than 0; 1e-8 unless told otherwise.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    requireMoments(beta1, beta2, epsilon, in: "AdamaxScaling")
    require(epsilon > 0, "AdamaxScaling: an epsilon of 0 leaves 0 / 0")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// `second` is u here.
  public func initialState(for parameter: Tensor) -> Moments { Moments(for: parameter) }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Moments, at iteration: Int
  ) -> Tensor {
    state.count += 1
    state.first = beta1 * state.first + (1 - beta1) * gradient
    state.second = maximum(beta2 * state.second, abs(gradient) + epsilon)
    return state.first / correction(beta1, state.count) / state.second
  }
}
