import Core

/// The two forms of momentum are one rule. Written for the moves Δθ,
///
///     momentum         v ← α v + ε g,          Δθ = −v        Δθₜ = α Δθₜ₋₁ − ε g
///     moving average   v ← β v + (1 − β) g,    Δθ = −δ v      Δθₜ = β Δθₜ₋₁ − δ (1 − β) g
///
/// so that they make the same moves, from v = 0 on, exactly when
///
///     α = β,  ε = δ (1 − β)      or      β = α,  δ = ε / (1 − α)
///
/// ``GradientDescent`` multiplies by its rate after the sum instead of before, which is the same
/// while the rate is constant.
///
/// Source: course document 003, question 2.1–2.2, where a circulated answer has 1 − α in the place
/// of ε in the unrolled sum.
extension GradientDescent {
  /// Momentum with the steps of a moving average: α = β, ε = δ (1 − β).
  ///
  /// - Parameter average: Without the correction of its bias, which changes over time.
  public init(equivalentTo average: MovingAverageDescent) {
    require(
      !average.correctsBias,
      "GradientDescent: a moving average with bias correction has no equivalent momentum, since its correction changes over time; set correctsBias to false"
    )
    self.init(
      learningRate: average.learningRate * (1 - average.beta), momentum: average.beta,
      weightDecay: average.weightDecay)
  }
}

extension MovingAverageDescent {
  /// A moving average with the steps of momentum: β = α, δ = ε / (1 − α).
  ///
  /// - Parameter momentum: Neither dampened nor Nesterov's, and below 1.
  public init(equivalentTo momentum: GradientDescent) {
    require(
      !momentum.isNesterov && momentum.dampening == 0 && momentum.momentum < 1,
      "MovingAverageDescent: only momentum below 1, without dampening and look-ahead, is a moving average; got momentum \(momentum.momentum), dampening \(momentum.dampening), isNesterov \(momentum.isNesterov)"
    )
    self.init(
      learningRate: momentum.learningRate / (1 - momentum.momentum), beta: momentum.momentum,
      correctsBias: false, weightDecay: momentum.weightDecay)
  }
}
