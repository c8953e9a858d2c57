import Core
internal import Kernels

/// The neighbours of each word of a text, within its sentence.
///
/// ```swift
/// let windows = ContextWindows(reach: 5)
/// let pairs = windows.pairs(of: sentences, using: &generator)
/// ```
///
/// A dynamic window reaches 1, 2, … or `reach` words to each side, drawn evenly for each word, so
/// that near neighbours count more.
///
/// Source: [Mikolov et al. 2013].
public struct ContextWindows: Sendable, Equatable {
  /// How many words to each side at most.
  public var reach: Int
  /// Whether the reach is drawn anew for each word.
  public var isDynamic: Bool

  /// Words and neighbours, beside each other: those of one word follow each other, in the order of
  /// the text.
  public struct Pairs: Sendable, Equatable {
    /// The words in the middle.
    public internal(set) var words: [Int32] = []
    /// The neighbours, in the same order.
    public internal(set) var neighbours: [Int32] = []

    /// How many pairs there are.
    public var count: Int { words.count }
  }

  /// - Parameters:
  ///   - reach: From 1 up; 5 unless told otherwise.
  ///   - isDynamic: `true` unless told otherwise.
  public init(reach: Int = 5, isDynamic: Bool = true) {
    require((1...1_000_000).contains(reach), "ContextWindows: a reach of \(reach) words")
    self.reach = reach
    self.isDynamic = isDynamic
  }

  /// The half-open range of positions around each word of a text, itself included.
  public func ranges(
    in sentences: Sentences, using generator: inout RandomGenerator
  ) -> [Range<Int32>] {
    let count = sentences.wordCount
    let random = isDynamic ? bits(count, using: &generator) : nil
    var low = [Int32](repeating: 0, count: count)
    var high = low
    _ = apus_windows(
      sentences.count, sentences.ends, 0, count, Int32(reach), random, &low, &high)
    return zip(low, high).map { $0..<$1 }
  }

  /// Every word with each of its neighbours.
  public func pairs(of sentences: Sentences, using generator: inout RandomGenerator) -> Pairs {
    var pairs = Pairs()
    for (position, range) in ranges(in: sentences, using: &generator).enumerated() {
      for neighbour in range where neighbour != position {
        pairs.words.append(sentences.words[position])
        pairs.neighbours.append(sentences.words[Int(neighbour)])
      }
    }
    return pairs
  }

  private func bits(_ count: Int, using generator: inout RandomGenerator) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      generator.draw { apus_random_bits($0, $1, count, buffer.baseAddress) }
      initialized = count
    }
  }
}
