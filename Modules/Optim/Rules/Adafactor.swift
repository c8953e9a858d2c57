import Core

/// Adafactor: RMS scaling with a memory of rows and columns only, and steps relative to the
/// parameter.
///
///     d = g / √s, with s from row and column means          (``FactoredScaling``)
///     d ← d / max(1, rms(d) / δ)
///     θ ← θ − η λ θ − min(η, 1/√t) max(ε, rms(θ)) d
///
/// t is the number of the update. It is the chain
/// `FactoredScaling().clippedStep(toRootMeanSquare: δ).relativeToParameter(minimum: ε)
/// .scaled(by: min(η, 1/√t)).addingDecay(η λ)`.
///
/// Source: [Shazeer and Stern 2018]. Defaults are PyTorch's.
public struct Adafactor: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// How fast the average lengthens.
  public var exponent: Double
  /// ε: the least size that a parameter counts as.
  public var minimum: Double
  /// δ: the greatest root mean square of a direction.
  public var limit: Double
  /// λ: each step takes η λ θ away from θ.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 1e-2 unless told otherwise.
  ///   - exponent: How fast the average lengthens, see ``FactoredScaling``; 0.8 unless told
  ///     otherwise.
  ///   - minimum: ε; 1e-3 unless told otherwise.
  ///   - limit: δ; 1 unless told otherwise.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1e-2, exponent: Double = 0.8, minimum: Double = 1e-3, limit: Double = 1,
    weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "Adafactor")
    requireDecay(weightDecay, in: "Adafactor")
    require(
      exponent >= 0 && minimum > 0 && limit > 0,
      "Adafactor: exponent \(exponent), minimum \(minimum), limit \(limit)")
    self.learningRate = learningRate
    self.exponent = exponent
    self.minimum = minimum
    self.limit = limit
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<FactoredScaling.State> {
    let rate = learningRate
    return FactoredScaling(exponent: exponent).clippedStep(toRootMeanSquare: limit)
      .relativeToParameter(minimum: minimum).scaled(by: 1)
      .scheduled(Schedule { t in min(rate, 1 / Double(t + 1).squareRoot()) })
      .addingDecay(rate * weightDecay)
  }
}
