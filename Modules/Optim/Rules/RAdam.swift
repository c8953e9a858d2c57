import Core

/// Adam that takes plain averaged steps until the average of squares can be trusted, and rectified
/// ones from then on: a warm-up of its own.
///
/// The formula is ``RAdamScaling``'s, with g ← ∇L(θ) + λ θ and θ ← θ − η step. It is the chain
/// `RAdamScaling().scaled(by: η).withL2Decay(λ)`; for decoupled decay leave λ at 0 and add
/// `.withDecoupledDecay(_:)`.
///
/// Source: [Liu et al. 2020]. Defaults are PyTorch's.
public struct RAdam: OptimizerRecipe, RateAdjustable, Sendable {
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
    requireRate(learningRate, in: "RAdam")
    requireDecay(weightDecay, in: "RAdam")
    requireMoments(beta1, beta2, epsilon, in: "RAdam")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<Moments> {
    RAdamScaling(beta1: beta1, beta2: beta2, epsilon: epsilon).scaled(by: learningRate)
      .withL2Decay(weightDecay)
  }
}
