import Core

/// What a ``WordVectorTrainer`` does. The defaults are those of the word2vec program.
public struct WordTrainingSettings: Sendable, Equatable {
  /// Which way a text is read.
  public enum Architecture: String, Sendable, CaseIterable {
    /// A word predicts each of its neighbours.
    case skipGram
    /// The mean of its neighbours predicts a word.
    case bagOfWords
  }

  /// What stands for the probability of a word, given a hidden vector h.
  public enum Objective: Sendable, Equatable {
    /// Tell the word from some drawn by chance, proportional to countᵉˣᵖᵒⁿᵉⁿᵗ:
    ///
    ///     −log σ(h·u) − Σₖ log σ(−h·uₖ)
    case negativeSampling(count: Int = 5, exponent: Double = 0.75)
    /// The product of the decisions on the way to the word in a ``HuffmanTree``.
    case hierarchicalSoftmax
    /// The softmax over all words, for small vocabularies: a step costs what the vocabulary does.
    case softmax
  }

  /// How threads share the work.
  public enum Execution: String, Sendable, CaseIterable {
    /// The result depends on the seed and not on the threads: each output row has one writer.
    case deterministic
    /// Threads write to all rows without regard to each other, and rarely lose a step. A little
    /// faster with many threads; no two runs are alike.
    ///
    /// Source: [Niu et al. 2011], "Hogwild!".
    case lockFree
  }

  /// The length of a vector; 100.
  public var dimensions = 100
  /// What predicts what.
  public var architecture = Architecture.skipGram
  /// How a prediction is judged.
  public var objective = Objective.negativeSampling()
  /// The words that count as neighbours: 5 to each side at most, drawn anew for each word.
  public var windows = ContextWindows()
  /// The share of the text above which words are thinned out; 1e-3, 0 for none.
  public var subsampling = 1e-3
  /// The first step's rate, 0.025; it falls evenly over the training.
  public var learningRate = 0.025
  /// The last step's rate; 1e-4.
  public var finalLearningRate = 1e-4
  /// Whether results are the same each time.
  public var execution = Execution.deterministic

  /// The settings of skip-gram with negative sampling.
  public init() {}

  /// Stops on settings that mean nothing.
  func requireSense() {
    require(
      (1...1_000_000).contains(dimensions), "WordTrainingSettings: \(dimensions) dimensions")
    require(
      learningRate > 0 && learningRate.isFinite && (0...learningRate).contains(finalLearningRate),
      "WordTrainingSettings: rates from \(learningRate) to \(finalLearningRate)")
    if case .negativeSampling(let count, let exponent) = objective {
      require(
        (1...1_000_000).contains(count) && exponent.isFinite,
        "WordTrainingSettings: \(count) negative examples, exponent \(exponent)")
    }
  }
}
