import Core

/// What an attention does beside its three operands.
struct AttentionSettings: Sendable {
  /// Bool (true: may be seen) or floating (added to the scores); each broadcasts to
  /// [batch…, head, query, key].
  var masks: [Tensor] = []
  var isCausal = false
  /// The place of the first query among the keys, for causality.
  var firstQuery = 0
  var scale: Double
  var dropping: Dropping?

  /// Dropout of weights: whoever draws from a copy of the generator draws the same mask.
  struct Dropping: Sendable {
    let probability: Double
    let generator: RandomGenerator

    /// `nil` where nothing is dropped.
    init?(_ probability: Double) {
      requireProbability(probability, in: "scaledDotProductAttention")
      if probability == 0 { return nil }
      self.probability = probability
      generator = .split()
    }

    /// What kept weights are multiplied with; the expectation stays.
    var factor: Double { probability < 1 ? 1 / (1 - probability) : 0 }
  }

  /// With masks as constants.
  var detached: AttentionSettings {
    var result = self
    result.masks = masks.map(\.detached)
    return result
  }

  /// Weights, or gradients with respect to them, after dropout.
  func dropped(_ weights: Tensor) -> Tensor {
    guard let dropping else { return weights }
    var generator = dropping.generator
    return weights
      * .randomBernoulli(
        weights.shape, probability: 1 - dropping.probability, value: dropping.factor,
        dtype: weights.dtype, using: &generator)
  }
}
