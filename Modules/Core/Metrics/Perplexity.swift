/// How many equally likely tokens a language model's surprise amounts to.
///
/// ```
/// perplexity = exp(mean of −log p(token))
/// ```
///
/// ```swift
/// var perplexity = Perplexity()
/// for batch in batches { perplexity.add(logits: model(batch.tokens), labels: batch.next) }
/// print(perplexity.value, perplexity.bitsPerToken)
/// ```
///
/// The mean is over tokens, however they were batched: exp of the mean of batches' perplexities or
/// losses is another number when batches differ in size.
public struct Perplexity: Sendable, Equatable {
  /// −log p, in nats.
  public private(set) var meanLoss = RunningMean()

  /// Without tokens yet.
  public init() {}

  /// The perplexity; NaN without tokens.
  public var value: Double { exponential(meanLoss.value) }

  /// The mean loss in bits.
  public var bitsPerToken: Double { meanLoss.value / 0.693147180559945309 }

  /// How many tokens there were.
  public var count: Int { Int(meanLoss.weight) }

  /// Takes in a batch.
  ///
  /// - Parameters:
  ///   - logits: [example…, class].
  ///   - labels: Class numbers, [example…]. One that is no class traps.
  ///   - ignored: A label whose tokens do not count, such as padding; none by default.
  public mutating func add(logits: Tensor, labels: Tensor, ignoring ignored: Int? = nil) {
    LabelledLogits(logits, labels, in: "Perplexity").forEach(ignoring: ignored, in: "Perplexity") {
      row, label in meanLoss.add(row.logSumExp - row[row.startIndex + label])
    }
  }

  /// Takes in the mean loss in nats of some tokens.
  public mutating func add(loss: Double, count: Int) { meanLoss.add(loss, weight: Double(count)) }

  /// Takes in the tokens of another one.
  public mutating func add(_ other: Perplexity) { meanLoss.add(other.meanLoss) }
}
