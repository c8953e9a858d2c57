import Core

/// The direction of ``Adam``: a moving average of the gradients over the root of a moving average
/// of their squares.
///
///     m ← β₁ m + (1 − β₁) g,    s ← β₂ s + (1 − β₂) g²
///     step = (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + ε)
///
/// ```swift
/// AdamScaling().scaled(by: 1e-3)                                   // Adam
/// AdamScaling().addingDecay(0.01).scaled(by: 1e-3)                 // AdamW
/// AdamScaling(epsilon: 1e-6).withTrustRatio().scaled(by: 1e-3)     // LAMB
/// ```
///
/// Source: [Kingma and Ba 2015].
public struct AdamScaling: Optimizer, Sendable {
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
    requireMoments(beta1, beta2, epsilon, in: "AdamScaling")
    self.init(unchecked: beta1, beta2, epsilon)
  }

  init(unchecked beta1: Double, _ beta2: Double, _ epsilon: Double) {
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
    let s = state.second / correction(beta2, state.count)
    return m / (sqrt(s) + epsilon)
  }
}

/// Stops on an ε that no rule can mean.
func requireEpsilon(_ epsilon: Double, in rule: StaticString) {
  require(epsilon >= 0, "\(rule): epsilon \(epsilon) is negative")
}

/// Stops on settings of Adam's family that no rule can mean.
func requireMoments(_ beta1: Double, _ beta2: Double, _ epsilon: Double, in rule: StaticString) {
  requireAverage(beta1, named: "beta1", in: rule)
  requireAverage(beta2, named: "beta2", in: rule)
  requireEpsilon(epsilon, in: rule)
}
