import Core

/// Adam with Nesterov's momentum, which grows to β₁.
///
///     g ← ∇L(θ) + λ θ
///     μₜ = β₁ (1 − ½ · 0.96^(t ψ)),    πₜ = μ₁ … μₜ
///     m ← β₁ m + (1 − β₁) g,    s ← β₂ s + (1 − β₂) g²
///     θ ← θ − η (μₜ₊₁ m / (1 − πₜ₊₁) + (1 − μₜ) g / (1 − πₜ)) / (√(s / (1 − β₂ᵗ)) + ε)
///
/// It is the chain `NAdamScaling().scaled(by: η).withL2Decay(λ)`; for decoupled decay leave λ at 0
/// and add `.withDecoupledDecay(_:)`.
///
/// Source: [Dozat 2016]. Defaults are PyTorch's.
public struct NAdam: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// ψ: how fast the momentum grows.
  public var momentumDecay: Double
  /// λ: the gradient of (λ/2) ‖θ‖² is added to each gradient.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 2e-3 unless told otherwise.
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.999 unless told otherwise.
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  ///   - momentumDecay: ψ; 4e-3 unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    momentumDecay: Double = 4e-3, weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "NAdam")
    requireDecay(weightDecay, in: "NAdam")
    requireMoments(beta1, beta2, epsilon, in: "NAdam")
    require(momentumDecay >= 0, "NAdam: the decay of the momentum \(momentumDecay) is negative")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<NAdamScaling.State> {
    NAdamScaling(beta1: beta1, beta2: beta2, epsilon: epsilon, momentumDecay: momentumDecay)
      .scaled(by: learningRate).withL2Decay(weightDecay)
  }
}
