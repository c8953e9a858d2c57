import Core

/// Adam with the greatest average of squares so far.
///
///     g ← ∇L(θ) + λ θ
///     m ← β₁ m + (1 − β₁) g,    s ← β₂ s + (1 − β₂) g²,    u ← max(u, s)
///     θ ← θ − η (m / (1 − β₁ᵗ)) / (√(u / (1 − β₂ᵗ)) + ε)
///
/// It is the chain `AMSGradScaling().scaled(by: η).withL2Decay(λ)`. PyTorch's AdamW with `amsgrad`
/// is `AMSGrad().withDecoupledDecay(λ)`.
///
/// Source: [Reddi et al. 2018]. Defaults are PyTorch's.
public struct AMSGrad: OptimizerRecipe, RateAdjustable, Sendable {
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
  ///   - learningRate: η; 1e-3 unless told otherwise.
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.999 unless told otherwise.
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "AMSGrad")
    requireDecay(weightDecay, in: "AMSGrad")
    requireMoments(beta1, beta2, epsilon, in: "AMSGrad")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<AMSGradScaling.State> {
    AMSGradScaling(beta1: beta1, beta2: beta2, epsilon: epsilon).scaled(by: learningRate)
      .withL2Decay(weightDecay)
  }
}
