import Core

/// ``AdamScaling`` that scales only once the average of squares can be trusted.
///
///     m ← β₁ m + (1 − β₁) g,    s ← β₂ s + (1 − β₂) g²
///     ρ∞ = 2 / (1 − β₂) − 1,    ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)
///     ρₜ > 5:  step = r · m / (1 − β₁ᵗ) · √(1 − β₂ᵗ) / (√s + ε)
///              r = √((ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ))
///     else:    step = m / (1 − β₁ᵗ)
///
/// It warms up by itself.
///
/// Source: [Liu et al. 2020].
public struct RAdamScaling: Optimizer, Sendable {
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double

  /// - Parameters:
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.999 unless told otherwise.
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    requireMoments(beta1, beta2, epsilon, in: "RAdamScaling")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public func initialState(for parameter: Tensor) -> Moments { Moments(for: parameter) }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Moments, at iteration: Int
  ) -> Tensor {
    state.takeIn(gradient, beta1, beta2)
    let m = state.first / correction(beta1, state.count)
    guard let rectification = rectification(after: state.count) else { return m }
    return rectification * m / (sqrt(state.second) + epsilon)
  }

  /// r √(1 − β₂ᵗ), once there is one.
  private func rectification(after count: Int) -> Double? {
    let present = correction(beta2, count)
    let limit = 2 / (1 - beta2) - 1
    let length = limit - 2 * Double(count) * power(beta2, count) / present
    guard length > 5 else { return nil }
    let ratio = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
    return (ratio * present).squareRoot()
  }
}
