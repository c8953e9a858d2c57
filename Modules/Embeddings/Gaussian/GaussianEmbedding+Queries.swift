import Core

/// A word's number and its score in a query.
public struct ScoredWord: Sendable, Equatable {
  /// The word's number.
  public let word: Int
  /// Its score.
  public let score: Double

  /// A word with its score.
  public init(word: Int, score: Double) {
    self.word = word
    self.score = score
  }
}

extension GaussianEmbedding {
  /// The words most alike a word: the c with the highest S(w, c), the word itself left out.
  ///
  /// ```swift
  /// for found in words.nearest(to: number, count: 10, by: .logKernel) {
  ///   print(vocabulary.tokens[found.word], found.score)
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - word: Its number.
  ///   - count: How many to find at most.
  ///   - similarity: S. With −KL(c ‖ w), words whose distributions lie inside of w's come first.
  /// - Returns: The best first; equally good ones by their numbers.
  /// - Complexity: O(words), exact, in parallel.
  public func nearest(
    to word: Int, count: Int, by similarity: GaussianSimilarity
  ) -> [ScoredWord] {
    let others = (0..<Int32(self.count)).filter { $0 != Int32(word) }
    let own = [Int32](repeating: Int32(word), count: others.count)
    return best(count, of: others, scores(of: own, with: others, by: similarity))
  }

  /// How much one word entails another: −KL(N_w ‖ N_g), high where the distribution of w lies inside
  /// of g's. `entailment(of: apple, in: fruit)` should exceed `entailment(of: fruit, in: apple)`.
  ///
  /// Source: [Vilnis and McCallum 2015]: https://arxiv.org/abs/1412.6623, section 5.2.
  public func entailment(of word: Int, in general: Int) -> Double {
    scores(of: [Int32(general)], with: [Int32(word)], by: .negativeDivergence)[0]
  }

  /// The words that a word entails most: the g with the highest −KL(N_w ‖ N_g), among those that are
  /// more general than w, with log |Σ| above its.
  ///
  /// - Parameters:
  ///   - word: Its number.
  ///   - count: How many to find at most.
  /// - Returns: The best first; equally good ones by their numbers.
  public func entailed(by word: Int, count: Int) -> [ScoredWord] {
    let sizes = logDeterminants.scalars(as: Double.self)
    let others = (0..<Int32(self.count)).filter { sizes[Int($0)] > sizes[word] }
    let own = [Int32](repeating: Int32(word), count: others.count)
    return best(count, of: others, scores(of: others, with: own, by: .negativeDivergence))
  }

  /// The words with the lowest log |Σ|, which is the score, from the lowest on.
  public func mostSpecific(_ count: Int) -> [ScoredWord] {
    let sizes = logDeterminants.scalars(as: Double.self).map { -$0 }
    return best(count, of: (0..<Int32(self.count)).map { $0 }, sizes)
      .map { ScoredWord(word: $0.word, score: -$0.score) }
  }

  /// The words with the highest log |Σ|, which is the score, from the highest on.
  public func mostGeneral(_ count: Int) -> [ScoredWord] {
    best(
      count, of: (0..<Int32(self.count)).map { $0 }, logDeterminants.scalars(as: Double.self))
  }
}

/// The words with the highest scores.
private func best(_ count: Int, of words: [Int32], _ scores: [Double]) -> [ScoredWord] {
  zip(words, scores).map { ScoredWord(word: Int($0), score: $1) }
    .sorted { ($1.score, $0.word) < ($0.score, $1.word) }
    .prefix(count).map { $0 }
}
