import Foundation

/// How surprised a model is by text, gathered over many batches.
///
/// ```
/// perplexity = exp(−1/N Σ ln p(token | those before))
/// ```
///
/// A model that holds k tokens for equally likely at each place, the right one among them, has
/// perplexity k.
///
/// ```swift
/// var perplexity = Perplexity()
/// for window in windows { perplexity.add(logits: model(window.inputs), labels: window.targets) }
/// print(perplexity.value, perplexity.bitsPerToken)
/// ```
///
/// The mean is over tokens, however they were batched: exp of the mean of batches' perplexities or
/// losses is another number when batches differ in size.
public struct Perplexity: Sendable, Equatable {
  /// −Σ ln p, in nats.
  public private(set) var surprise = 0.0
  /// N, the tokens so far.
  public private(set) var count = 0

  /// Without tokens yet.
  public init() {}

  /// −1/N Σ ln p, in nats for a token; NaN before the first one.
  public var crossEntropy: Double { surprise / Double(count) }
  /// The same in bits.
  public var bitsPerToken: Double { crossEntropy / log(2) }
  /// exp of the cross-entropy; NaN before the first token.
  public var value: Double { exp(crossEntropy) }

  /// Adds the tokens of a batch.
  ///
  /// - Parameters:
  ///   - logits: […, vocabulary].
  ///   - labels: […], the tokens that came. One that is no token traps.
  ///   - ignored: A label whose places do not count, such as padding; none by default.
  public mutating func add(logits: Tensor, labels: Tensor, ignoring ignored: Int? = nil) {
    let loss = withoutDerivative {
      softmaxCrossEntropy(logits: logits, labels: labels, ignoredLabel: ignored, reduction: .sum)
    }
    let ignoredCount = ignored.map { (labels .== Double($0)).cast(to: .int64).sum().item() } ?? 0
    add(surprise: loss.item(), of: labels.count - Int(ignoredCount))
  }

  /// Adds tokens whose surprise, −Σ ln p in nats, is known.
  public mutating func add(surprise: Double, of count: Int) {
    require(count >= 0, "Perplexity: \(count) tokens")
    self.surprise += surprise
    self.count += count
  }

  /// Adds the tokens of another one.
  public mutating func add(_ other: Perplexity) { add(surprise: other.surprise, of: other.count) }
}

extension Perplexity: TrainingState {
  /// Shows the sum and the count.
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("surprise", &surprise)
    visitor.visit("count", &count)
  }
}
