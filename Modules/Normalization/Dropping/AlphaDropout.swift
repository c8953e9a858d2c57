import Core

/// Dropout for self-normalising networks: keeps mean 0 and variance 1 where they were so.
///
/// ```
/// y = a (x m + α′ (1 − m)) + b,   m ∼ Bernoulli(q),   q = 1 − p
/// a = (q + α′² q (1 − q))^(−½),   b = −a (1 − q) α′,   α′ = −λα ≈ −1.758
/// ```
///
/// A dropped element becomes α′, SELU's value at −∞, not 0. In inference mode nothing happens.
///
/// [Klambauer et al. 2017]: https://arxiv.org/abs/1706.02515
public struct AlphaDropout: Layer, Sendable {
  /// p, that an element is dropped.
  public let probability: Double
  /// Whether a draw counts for a whole channel of [batch, channels, space…].
  public let isChannelwise: Bool

  /// −λα of SELU.
  public static let dropped = -1.050_700_987_355_480_5 * 1.673_263_242_354_377_3

  /// - Parameters:
  ///   - probability: That an element is dropped; the default is ½. At 1 everything becomes 0.
  ///   - isChannelwise: Whether whole channels are; the default is that they are not.
  public init(_ probability: Double = 0.5, isChannelwise: Bool = false) {
    requireProbability(probability, in: "AlphaDropout")
    self.probability = probability
    self.isChannelwise = isChannelwise
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      !isChannelwise || x.rank >= 2,
      "AlphaDropout: an input of shape \(x.shape) has no channels")
    guard Mode.current == .training, probability > 0 else { return x }
    let keep = 1 - probability
    if keep == 0 { return x * 0 }
    let dropped = Self.dropped
    let a = 1 / (keep + dropped * dropped * keep * probability).squareRoot()
    let b = -a * probability * dropped
    // a m, and what is added: b where kept, a α′ + b where dropped.
    let mask = dropoutMask(
      for: x, keep: keep, value: a, isChannelwise ? Array(2..<x.rank) : [])
    return x * mask + (mask * -dropped + (a * dropped + b))
  }
}
