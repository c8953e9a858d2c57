import Core

/// How the next token is chosen from a model's logits.
///
/// ```
/// p = softmax(logits / temperature) over the topK greatest
/// ```
///
/// ```swift
/// let sampling = TokenSampling(temperature: 0.8, topK: 40)
/// let token = sampling.draw(from: logits, using: &generator)
/// ```
public struct TokenSampling: Sendable, Equatable {
  /// Below 1 the likely becomes likelier; at 0 the likeliest is taken, the first of equals.
  public var temperature: Double
  /// How many of the likeliest may be drawn; `nil` for all.
  public var topK: Int?

  /// The likeliest, always.
  public static let greedy = TokenSampling(temperature: 0)

  /// - Parameters:
  ///   - temperature: Not negative; 1 by default.
  ///   - topK: At least 1; all by default.
  public init(temperature: Double = 1, topK: Int? = nil) {
    require(temperature >= 0, "TokenSampling: a temperature of \(temperature)")
    require(topK ?? 1 >= 1, "TokenSampling: the \(topK ?? 0) likeliest are none")
    self.temperature = temperature
    self.topK = topK
  }

  /// The probability of each token: [vocabulary] → [vocabulary].
  public func probabilities(_ logits: Tensor) -> Tensor {
    require(
      logits.rank == 1 && logits.count > 0,
      "TokenSampling: logits of shape \(logits.shape) are not [vocabulary]")
    let logits = stopGradient(logits)
    if temperature == 0 {
      return Tensor(logits.argmax()).oneHot(logits.count, dtype: logits.dtype)
    }
    var scaled = logits / temperature
    if let topK, topK < logits.count {
      // By position, so that of equals no more than asked for are left.
      let kept = scaled.argsort(descending: true)[..<topK]
      scaled = Tensor.full(scaled.shape, -.infinity, dtype: scaled.dtype)
        .replacing(scaled.gathered(at: kept), at: kept)
    }
    return softmax(scaled)
  }

  /// Draws a token from logits [vocabulary].
  public func draw(from logits: Tensor, using generator: inout RandomGenerator) -> Int {
    if temperature == 0 { return logits.argmax() }
    let weights = probabilities(logits).scalars(as: Double.self)
    let mark = Double.random(in: 0..<weights.reduce(0, +), using: &generator)
    var sum = 0.0
    for (token, weight) in weights.enumerated() {
      sum += weight
      if mark < sum { return token }
    }
    // Rounding may leave the mark beyond the last sum.
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}
