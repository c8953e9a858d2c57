import Core

/// Sentences of numbered words, laid end to end.
///
/// ```swift
/// var sentences = Sentences()
/// for line in lines { sentences.append(try words.encode(line, with: vocabulary)) }
/// ```
///
/// The unit of training on text: of a corpus that memory holds, all of it; of a larger one, a block
/// at a time. Contexts end where sentences do.
public struct Sentences: Sendable, Equatable {
  /// The words of all sentences.
  public private(set) var words: [Int32] = []
  /// The position after the last word of each sentence, never falling.
  public private(set) var ends: [Int64] = []

  /// No sentences.
  public init() {}

  /// Sentences of words' numbers.
  public init(_ sentences: some Sequence<some Sequence<Int>>) {
    for sentence in sentences { append(sentence) }
  }

  /// As kernels leave them.
  init(words: [Int32], ends: [Int64]) {
    self.words = words
    self.ends = ends
  }

  /// The number of sentences.
  public var count: Int { ends.count }

  /// The number of words in all sentences.
  public var wordCount: Int { words.count }

  /// The words of one sentence.
  public subscript(index: Int) -> ArraySlice<Int32> {
    words[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
  }

  /// Adds a sentence. A word that is no index, negative or beyond 2³¹ − 1, traps.
  public mutating func append(_ sentence: some Sequence<Int>) {
    for word in sentence {
      guard word >= 0, let small = Int32(exactly: word) else {
        trap("Sentences: word \(word) is not within 0..<\(Int(Int32.max) + 1)")
      }
      words.append(small)
    }
    ends.append(Int64(words.count))
  }

  /// Forgets all sentences and keeps their memory.
  public mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// The same sentences in parts of up to `limit` words, but of at least one sentence: a long text
  /// piece by piece.
  public func parts(words limit: Int) -> some Sequence<Sentences> {
    sequence(state: 0) { first -> Sentences? in
      guard first < ends.count else { return nil }
      let base = first == 0 ? 0 : ends[first - 1]
      var last = first + 1
      while last < ends.count, ends[last] - base <= limit { last += 1 }
      defer { first = last }
      return Sentences(
        words: Array(words[Int(base)..<Int(ends[last - 1])]),
        ends: ends[first..<last].map { $0 - base })
    }
  }

  /// Stops on a word that a table of `count` entries lacks.
  func requireWords(below count: Int, in operation: StaticString) {
    // The greatest first: a loop that the compiler turns into vectors.
    guard let greatest = words.max(), Int(greatest) >= count else { return }
    trap("\(operation): word \(greatest) is not within 0..<\(count)")
  }
}
