import Core
internal import Kernels

/// Leaves out some occurrences of frequent words, which say little about their neighbours and take
/// most of the time.
///
/// ```
/// P(keep) = min(1, √(t / f) + t / f)        f: the word's share of all words
/// ```
///
/// The words that stay close ranks, so that windows reach further. This is the rule of the word2vec
/// program; the paper has 1 − √(t / f) for leaving out.
///
/// Source: [Mikolov et al. 2013].
public struct FrequentWordSubsampling: Sendable {
  /// P(keep) for each word.
  public let keepProbabilities: [Double]
  private let thresholds: [UInt32]

  /// - Parameters:
  ///   - counts: How often each word comes in the corpus.
  ///   - threshold: t: words of a greater share are thinned out; 1e-3 unless told otherwise, 0 keeps
  ///     all words.
  public init(counts: [Int], threshold: Double = 1e-3) {
    require(
      threshold >= 0 && threshold.isFinite,
      "FrequentWordSubsampling: the threshold \(threshold) is negative or not finite")
    let total = Double(counts.reduce(0, +))
    keepProbabilities = counts.map { count in
      if threshold == 0 || count == 0 { return 1 }
      let ratio = threshold * total / Double(count)
      return min(1, ratio.squareRoot() + ratio)
    }
    thresholds = keepProbabilities.map { UInt32(min($0 * 0x1p32, 0x1p32 - 1)) }
  }

  /// The sentences without the occurrences that a draw leaves out; empty ones stay.
  ///
  /// A word that was not counted traps.
  public func callAsFunction(
    _ sentences: Sentences, using generator: inout RandomGenerator
  ) -> Sentences {
    sentences.requireWords(below: thresholds.count, in: "FrequentWordSubsampling")
    var ends = [Int64](repeating: 0, count: sentences.count)
    let words = [Int32](unsafeUninitializedCapacity: sentences.wordCount) { buffer, count in
      generator.draw { stream, position in
        count = apus_subsample(
          thresholds, stream, position, sentences.words, sentences.count, sentences.ends,
          buffer.baseAddress, &ends)
        return UInt64(sentences.wordCount + 1) / 2
      }
    }
    return Sentences(words: words, ends: ends)
  }
}
