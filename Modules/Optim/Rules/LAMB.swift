import Core

/// Adam's directions with each tensor's step as long as the parameter: for large batches.
///
///     d = (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + ε) + λ θ
///     θ ← θ − η d ‖θ‖ / ‖d‖          (η d where either norm is 0)
///
/// m and s are ``Adam``'s. It is the chain
/// `AdamScaling(epsilon: ε).addingDecay(λ).withTrustRatio().scaled(by: η)`.
///
/// Source: [You et al. 2020]. Defaults are Optax's, whose rate has none.
public struct LAMB: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// λ: each step takes η λ θ away from θ.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 1e-3 unless told otherwise.
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.999 unless told otherwise.
  ///   - epsilon: ε; 1e-6 unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6,
    weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "LAMB")
    requireDecay(weightDecay, in: "LAMB")
    requireMoments(beta1, beta2, epsilon, in: "LAMB")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<Moments> {
    AdamScaling(unchecked: beta1, beta2, epsilon).addingDecay(weightDecay).withTrustRatio()
      .scaled(by: learningRate)
  }
}
