import Core
import Datasets
import Embeddings

/// The text that word vectors are learnt from, as numbers, and some lines of it held out.
///
/// The file is read twice, line by line, so that memory holds the numbers alone.
struct WordCorpus {
  /// What the text is called.
  let name: String
  /// Words of the training part that come often enough.
  let vocabulary: Vocabulary
  let training: Sentences
  /// One line in twenty.
  let heldOut: Sentences

  /// - Parameters:
  ///   - path: A text file; `nil` for the bundled Genesis.
  ///   - minimumCount: Rarer words are left out.
  ///   - seed: Picks the lines that are held out.
  init(_ path: String?, minimumCount: Int, seed: UInt64) throws {
    name = path ?? "the bundled Genesis"
    let words = PlainWords()
    var counts = TokenCounts()
    try Self.forEachLine(of: path, seed: seed) { line, isHeldOut in
      if !isHeldOut { counts.add(words.tokens(of: line)) }
    }
    let vocabulary = Vocabulary(counts, minimumCount: minimumCount, unknown: nil)
    guard vocabulary.count > 1 else {
      throw WordCorpusError(
        name: name, minimumCount: minimumCount, found: vocabulary.count, total: counts.total)
    }
    var (training, heldOut) = (Sentences(), Sentences())
    try Self.forEachLine(of: path, seed: seed) { line, isHeldOut in
      let numbers = words.tokens(of: line).compactMap { vocabulary[$0] }
      if isHeldOut { heldOut.append(numbers) } else { training.append(numbers) }
    }
    (self.vocabulary, self.training, self.heldOut) = (vocabulary, training, heldOut)
  }

  private static func forEachLine(
    of path: String?, seed: UInt64, _ body: (_ line: String, _ isHeldOut: Bool) throws -> Void
  ) throws {
    // The same lines each time.
    var generator = RandomGenerator(seed: seed)
    func isHeldOut() -> Bool { generator.next() % 20 == 0 }
    guard let path else {
      for line in try TextCorpus.genesis().lines { try body(line, isHeldOut()) }
      return
    }
    let lines = try TextLines(path)
    while let line = try lines.next() { try body(line, isHeldOut()) }
  }

  /// The first line of a report.
  var summary: String {
    """
    \(name): \(grouped(training.wordCount)) words in \(grouped(training.count)) lines to learn from, \
    \(grouped(heldOut.wordCount)) in \(grouped(heldOut.count)) held out, \
    \(grouped(vocabulary.count)) different
    """
  }
}

/// Words without punctuation marks, in lower case.
struct PlainWords: Tokenizer {
  private let words = WordTokenizer()

  func tokens(of text: String) -> [String] {
    words.tokens(of: text).filter { $0.first.map { $0.isLetter || $0.isNumber } ?? false }
  }

  func text(of tokens: some Sequence<String>) -> String { words.text(of: tokens) }
}

/// A text with too few words.
struct WordCorpusError: Error, CustomStringConvertible {
  let name: String
  let minimumCount: Int
  let found: Int
  let total: Int

  var description: String {
    """
    \(name): expected two different words that come \(minimumCount) times or more, found \(found) \
    among \(grouped(total)) words
    """
  }
}
