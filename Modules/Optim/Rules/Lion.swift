import Core

/// Lion: steps of one size in every element, in the direction of an averaged gradient's sign.
///
///     θ ← θ − η (sign(β₁ m + (1 − β₁) g) + λ θ),    g = ∇L(θ)
///     m ← β₂ m + (1 − β₂) g
///
/// It remembers half of what Adam does, and wants a rate three to ten times smaller with a decay as
/// much larger. It is the chain `LionDirection().addingDecay(λ).scaled(by: η)`.
///
/// Source: [Chen et al. 2023]. Defaults are the paper's, without its decay.
public struct Lion: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double
  /// λ: each step takes η λ θ away from θ.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 1e-4 unless told otherwise.
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.99 unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "Lion")
    requireDecay(weightDecay, in: "Lion")
    requireAverage(beta1, named: "beta1", in: "Lion")
    requireAverage(beta2, named: "beta2", in: "Lion")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<Tensor> {
    LionDirection(beta1: beta1, beta2: beta2).addingDecay(weightDecay).scaled(by: learningRate)
  }
}
