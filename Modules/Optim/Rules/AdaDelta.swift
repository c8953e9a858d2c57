import Core

/// AdaDelta: steps in the parameter's own units, with next to no rate to choose.
///
///     g ← ∇L(θ) + λ θ
///     s ← ρ s + (1 − ρ) g²
///     d = √(u + ε) / √(s + ε) · g
///     u ← ρ u + (1 − ρ) d²
///     θ ← θ − η d
///
/// It is the chain `AdaDeltaScaling(rho: ρ).scaled(by: η).withL2Decay(λ)`.
///
/// Source: [Zeiler 2012]. Defaults are PyTorch's.
public struct AdaDelta: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// ρ
  public var rho: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// λ: the gradient of (λ/2) ‖θ‖² is added to each gradient.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 1 unless told otherwise.
  ///   - rho: ρ; 0.9 unless told otherwise.
  ///   - epsilon: ε; 1e-6 unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "AdaDelta")
    requireDecay(weightDecay, in: "AdaDelta")
    requireEpsilon(epsilon, in: "AdaDelta")
    requireAverage(rho, named: "rho", in: "AdaDelta")
    self.learningRate = learningRate
    self.rho = rho
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<AdaDeltaScaling.State> {
    AdaDeltaScaling(rho: rho, epsilon: epsilon).scaled(by: learningRate).withL2Decay(weightDecay)
  }
}
