import Core

/// RMSProp: gradients over the root of a moving average of their squares, with momentum if wanted.
///
///     g ← ∇L(θ) + λ θ
///     s ← β s + (1 − β) g²
///     v ← μ v + g / (√s + ε)          (centred: √(s − m²), with m the moving average of g)
///     θ ← θ − η v
///
/// It is the chain `RMSScaling(beta: β).then(MomentumTrace(momentum: μ)).scaled(by: η)
/// .withL2Decay(λ)`.
///
/// Source: [Hinton 2012]; centred, [Graves 2013]. Defaults are PyTorch's.
public struct RMSProp: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// β
  public var beta: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// μ
  public var momentum: Double
  /// Whether the squared mean is taken off the mean square.
  public var isCentered: Bool
  /// λ: the gradient of (λ/2) ‖θ‖² is added to each gradient.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 1e-2 unless told otherwise.
  ///   - beta: β; 0.99 unless told otherwise.
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  ///   - momentum: μ; 0 unless told otherwise.
  ///   - isCentered: Whether the variance scales instead of the mean square; `false` unless told
  ///     otherwise. It is settled when the memory is made.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1e-2, beta: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    isCentered: Bool = false, weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "RMSProp")
    requireDecay(weightDecay, in: "RMSProp")
    requireEpsilon(epsilon, in: "RMSProp")
    requireAverage(beta, named: "beta", in: "RMSProp")
    requireMomentum(momentum, 0, false, in: "RMSProp")
    self.learningRate = learningRate
    self.beta = beta
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<OptimizerChainState<RMSScaling.State, Velocity>> {
    RMSScaling(beta: beta, epsilon: epsilon, isCentered: isCentered)
      .then(MomentumTrace(unchecked: momentum, 0, false))
      .scaled(by: learningRate).withL2Decay(weightDecay)
  }
}
