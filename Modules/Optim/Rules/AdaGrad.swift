import Core

/// AdaGrad: each element's rate falls with the squares that its gradients sum up to.
///
///     g ← ∇L(θ) + λ θ
///     s ← s + g²
///     θ ← θ − η g / (√s + ε)
///
/// Good for sparse gradients; its rates never rise again. It is the chain
/// `AdaGradScaling().scaled(by: η).withL2Decay(λ)`. PyTorch's falling rate is
/// `.scheduled(.inverseTime(decay))`.
///
/// Source: [Duchi et al. 2011]. Defaults are PyTorch's.
public struct AdaGrad: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// What s starts from.
  public var start: Double
  /// λ: the gradient of (λ/2) ‖θ‖² is added to each gradient.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 1e-2 unless told otherwise.
  ///   - epsilon: ε; 1e-10 unless told otherwise.
  ///   - start: What s starts from; 0 unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1e-2, epsilon: Double = 1e-10, start: Double = 0, weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "AdaGrad")
    requireDecay(weightDecay, in: "AdaGrad")
    requireEpsilon(epsilon, in: "AdaGrad")
    require(start >= 0, "AdaGrad: the sum of squares cannot start at \(start)")
    self.learningRate = learningRate
    self.epsilon = epsilon
    self.start = start
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<Tensor> {
    AdaGradScaling(epsilon: epsilon, start: start).scaled(by: learningRate).withL2Decay(weightDecay)
  }
}
