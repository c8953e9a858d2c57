import Core

/// Adam with decoupled weight decay: the parameters shrink by themselves, and the averages see the
/// loss alone.
///
///     m ← β₁ m + (1 − β₁) g,    s ← β₂ s + (1 − β₂) g²,    g = ∇L(θ)
///     θ ← θ − η λ θ − η (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + ε)
///
/// It is the chain `AdamScaling().addingDecay(λ).scaled(by: η)`, and one pass over the memory where
/// all is of one type.
///
/// Source: [Loshchilov and Hutter 2019]. Defaults are PyTorch's.
public struct AdamW: OptimizerRecipe, RateAdjustable, Sendable {
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
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  ///   - weightDecay: λ; 1e-2 unless told otherwise.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2
  ) {
    requireRate(learningRate, in: "AdamW")
    requireDecay(weightDecay, in: "AdamW")
    requireMoments(beta1, beta2, epsilon, in: "AdamW")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<Moments> {
    AdamScaling(unchecked: beta1, beta2, epsilon).addingDecay(weightDecay).scaled(by: learningRate)
  }

  /// The chain in one pass in place.
  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout Moments, at iteration: Int
  ) {
    guard canFuse(parameter, gradient), state.first.dtype == parameter.dtype else {
      parameter -= step(for: gradient, of: parameter, state: &state, at: iteration)
      return
    }
    state.update(
      &parameter, along: gradient, rate: learningRate, beta1, beta2, epsilon: epsilon,
      decay: 0, decoupledDecay: weightDecay)
  }
}
