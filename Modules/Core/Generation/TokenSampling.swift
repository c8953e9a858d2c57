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
    requireLogits(logits, in: "TokenSampling")
    if temperature == 0 {
      return Tensor(logits.argmax()).oneHot(logits.count, dtype: floating(logits).dtype)
    }
    return softmax(scaled(logits)).cast(to: floating(logits).dtype)
  }

  /// Draws a token from logits [vocabulary].
  public func draw(from logits: Tensor, using generator: inout RandomGenerator) -> Int {
    requireLogits(logits, in: "TokenSampling")
    if temperature == 0 { return logits.argmax() }
    let token = Tensor.randomCategorical(logits: scaled(logits), count: 1, using: &generator)
    return token.scalars(as: Int.self)[0]
  }

  /// Divided by the temperature, with −∞ at what may not be drawn.
  private func scaled(_ logits: Tensor) -> Tensor {
    // Only differences count; below the greatest, a small temperature gives −∞ at worst.
    let logits = logits.detached.cast(to: .float64)
    let scaled = (logits - logits.maximum()) / temperature
    guard let topK, topK < logits.count else { return scaled }
    // By position, so that of equals no more than asked for are left.
    let (values, kept) = scaled.topK(topK)
    return Tensor.full(scaled.shape, -.infinity, dtype: scaled.dtype).replacing(values, at: kept)
  }
}

func requireLogits(_ logits: Tensor, in operation: StaticString) {
  require(
    logits.rank == 1 && logits.count > 0,
    "\(operation): logits of shape \(logits.shape) are not [vocabulary]")
}
