import Core
import Datasets
import Foundation

/// A text as numbers: what a language model learns, and what it is tested on.
struct LanguageText {
  /// What the tokens are.
  enum Level: String, CaseIterable { case character, word }

  let level: Level
  let vocabulary: Vocabulary
  let training: [Int]
  let heldOut: [Int]
  /// Where it comes from.
  let origin: String

  /// - Parameters:
  ///   - path: A text file; the bundled Genesis if `nil`.
  ///   - vocabulary: One that exists; counted from the training part if `nil`.
  ///   - minimumCount: Tokens that come less often are unknown.
  ///   - maximumSize: The most tokens of the vocabulary.
  init(
    _ path: String?, level: Level, vocabulary: Vocabulary?, minimumCount: Int, maximumSize: Int
  ) throws {
    let corpus = try path.map { path throws(DataError) in try TextCorpus(path) } ?? .genesis()
    self.level = level
    origin = path ?? "Genesis"
    let parts = corpus.split(training: 0.9)
    let training = Self.tokens(of: parts.training, level)
    let vocabulary =
      vocabulary
      ?? Vocabulary(
        counting: training, minimumCount: minimumCount, maximumSize: max(maximumSize, 2),
        special: [Self.lineEnd(level)])
    guard vocabulary.contains(Self.lineEnd(level)), vocabulary.unknown != nil else {
      throw OptionError("--load: that vocabulary is not one of --level \(level)")
    }
    self.vocabulary = vocabulary
    self.training = try vocabulary.encode(training)
    heldOut = try vocabulary.encode(Self.tokens(of: parts.test, level))
  }

  /// What is put after each line.
  private static func lineEnd(_ level: Level) -> String { level == .word ? "<end>" : "\n" }

  private static func tokens(of corpus: TextCorpus, _ level: Level) -> [String] {
    switch level {
    case .word: corpus.tokens(cutBy: WordTokenizer(), lineEnd: lineEnd(level))
    case .character: corpus.tokens(cutBy: CharacterTokenizer(), lineEnd: lineEnd(level))
    }
  }

  /// The token after each line.
  var lineEnd: Int { vocabulary[Self.lineEnd(level)] ?? 0 }

  /// The tokens that are none of the text.
  var special: Set<Int> { Set([lineEnd] + (vocabulary.unknown.map { [$0] } ?? [])) }

  /// The tokens of a prompt, unknown ones included; the line that it begins is not ended.
  func encode(_ text: String) throws -> [Int] {
    let tokens =
      level == .word ? WordTokenizer().tokens(of: text) : CharacterTokenizer().tokens(of: text)
    return try vocabulary.encode(tokens)
  }

  /// The text of tokens, line by line.
  func decode(_ tokens: [Int]) -> [String] {
    tokens.split(separator: lineEnd, omittingEmptySubsequences: true).map { line in
      level == .word
        ? WordTokenizer().decode(line, with: vocabulary)
        : CharacterTokenizer().decode(line, with: vocabulary)
    }
  }

  /// Tokens worth looking up: the most frequent words of four letters or more, or letters.
  func notable(_ count: Int) -> [Int] {
    let shortest = level == .word ? 4 : 1
    return Array(
      vocabulary.tokens.indices.filter {
        let token = vocabulary.tokens[$0]
        return token.count >= shortest && token.allSatisfy(\.isLetter)
      }.prefix(count))
  }

  /// In the plural.
  var noun: String { level == .word ? "words" : "characters" }
}
