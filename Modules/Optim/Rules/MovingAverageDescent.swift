import Core

/// Descent along a moving average of the gradients: the other form of momentum.
///
///     v ← β v + (1 − β) g,    g = ∇L(θ) + λ θ
///     θ ← θ − η v / (1 − βᵗ)          (without the correction: θ − η v)
///
/// Without the correction and at a constant rate these are the steps of ``GradientDescent`` with
/// momentum β and the rate η (1 − β). It is the chain
/// `MovingAverage(beta: β).scaled(by: η).withL2Decay(λ)`.
public struct MovingAverageDescent: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// β
  public var beta: Double
  /// Whether the average is divided by 1 − βᵗ.
  public var correctsBias: Bool
  /// λ: the gradient of (λ/2) ‖θ‖² is added to each gradient.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 1e-2 unless told otherwise.
  ///   - beta: β; 0.9 unless told otherwise.
  ///   - correctsBias: Whether the average is divided by 1 − βᵗ; `true` unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1e-2, beta: Double = 0.9, correctsBias: Bool = true,
    weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "MovingAverageDescent")
    requireDecay(weightDecay, in: "MovingAverageDescent")
    requireAverage(beta, named: "beta", in: "MovingAverageDescent")
    self.learningRate = learningRate
    self.beta = beta
    self.correctsBias = correctsBias
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<RunningAverage> {
    MovingAverage(beta: beta, correctsBias: correctsBias).scaled(by: learningRate)
      .withL2Decay(weightDecay)
  }
}
