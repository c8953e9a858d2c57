import Core

/// Adam: steps in the direction of a moving average of the gradients, each element scaled by the
/// root of a moving average of its squares.
///
///     g ← ∇L(θ) + λ θ
///     m ← β₁ m + (1 − β₁) g,    s ← β₂ s + (1 − β₂) g²
///     θ ← θ − η (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + ε)
///
/// t counts the steps of each parameter by itself: one that was frozen at first is corrected as if
/// it had just begun, as it has.
///
/// ```swift
/// var training = Optimizing(model, with: Adam(learningRate: 1e-3))
/// ```
///
/// It is the chain `AdamScaling().scaled(by: η).withL2Decay(λ)`, and one pass over the memory where
/// all is of one type.
///
/// Source: [Kingma and Ba 2015]. Defaults are PyTorch's. For decay that does not go through the
/// averages see ``AdamW``.
public struct Adam: OptimizerRecipe, RateAdjustable, Sendable {
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
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "Adam")
    requireDecay(weightDecay, in: "Adam")
    requireMoments(beta1, beta2, epsilon, in: "Adam")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<Moments> {
    AdamScaling(unchecked: beta1, beta2, epsilon).scaled(by: learningRate).withL2Decay(weightDecay)
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
      decay: weightDecay, decoupledDecay: 0)
  }
}
