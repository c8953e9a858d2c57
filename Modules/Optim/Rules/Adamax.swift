import Core

/// Adam with a decaying maximum of the gradients in place of their mean square.
///
///     g ← ∇L(θ) + λ θ
///     m ← β₁ m + (1 − β₁) g,    u ← max(β₂ u, |g| + ε)
///     θ ← θ − η (m / (1 − β₁ᵗ)) / u
///
/// It is the chain `AdamaxScaling().scaled(by: η).withL2Decay(λ)`.
///
/// Source: [Kingma and Ba 2015, section 7]. Defaults are PyTorch's.
public struct Adamax: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// λ: the gradient of (λ/2) ‖θ‖² is added to each gradient.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 2e-3 unless told otherwise.
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.999 unless told otherwise.
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "Adamax")
    requireDecay(weightDecay, in: "Adamax")
    requireMoments(beta1, beta2, epsilon, in: "Adamax")
    require(epsilon > 0, "Adamax: an epsilon of 0 leaves 0 / 0")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<Moments> {
    AdamaxScaling(beta1: beta1, beta2: beta2, epsilon: epsilon).scaled(by: learningRate)
      .withL2Decay(weightDecay)
  }
}
