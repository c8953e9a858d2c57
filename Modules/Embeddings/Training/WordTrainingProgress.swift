/// What one pass of a ``WordVectorTrainer`` over some sentences was.
public struct WordTrainingProgress: Sendable, Equatable {
  /// Words of text, before subsampling.
  public internal(set) var words = 0
  /// The sum of −log σ over all targets, or of −log P(word) for the softmax.
  public internal(set) var loss = 0.0
  /// Pairs of a word and a neighbour.
  public internal(set) var pairs = 0
  /// Rows of the output table that a hidden vector was multiplied with.
  public internal(set) var targets = 0

  /// Nothing done yet.
  public init() {}

  init(loss: Double, pairs: Int = 0, targets: Int) {
    (self.loss, self.pairs, self.targets) = (loss, pairs, targets)
  }

  /// The mean loss of a target; with the softmax, of a prediction. 0 when there was none.
  public var meanLoss: Double { targets == 0 ? 0 : loss / Double(targets) }

  /// Both passes together.
  public static func += (lhs: inout WordTrainingProgress, rhs: WordTrainingProgress) {
    lhs.words += rhs.words
    lhs.loss += rhs.loss
    lhs.pairs += rhs.pairs
    lhs.targets += rhs.targets
  }
}
