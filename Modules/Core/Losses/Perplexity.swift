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
/// print(perplexity.value, perplexity.bits)
/// ```
public struct Perplexity: Sendable, Equatable {
  /// −Σ ln p, in nats.
  public private(set) var surprise = 0.0
  /// N, the tokens so far.
  public private(set) var count = 0

  public init() {}

  /// Adds the tokens of a batch.
  ///
  /// - Parameters:
  ///   - logits: […, vocabulary].
  ///   - labels: […], the tokens that came.
  ///   - ignoredLabel: A label that marks places which do not count, such as padding; none unless
  ///     told otherwise.
  public mutating func add(logits: Tensor, labels: Tensor, ignoredLabel: Int? = nil) {
    let loss = withoutDerivative {
      softmaxCrossEntropy(
        logits: logits, labels: labels, ignoredLabel: ignoredLabel, reduction: .sum)
    }
    let ignored = ignoredLabel.map { (labels .== Double($0)).cast(to: .int64).sum().item() } ?? 0
    add(surprise: loss.item(), of: labels.count - Int(ignored))
  }

  /// Adds tokens whose surprise, −Σ ln p, is known.
  public mutating func add(surprise: Double, of count: Int) {
    require(count >= 0, "Perplexity: \(count) tokens")
    self.surprise += surprise
    self.count += count
  }

  /// −1/N Σ ln p, in nats for a token; NaN before the first one.
  public var crossEntropy: Double { surprise / Double(count) }
  /// The same in bits.
  public var bits: Double { crossEntropy / log(2) }
  /// exp of the cross-entropy; NaN before the first token.
  public var value: Double { exp(crossEntropy) }
}

extension Perplexity: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("surprise", &surprise)
    visitor.visit("count", &count)
  }
}
