import Core

/// The tokens that a model knows, numbered from 0.
///
/// ```swift
/// let words = WordTokenizer()
/// let vocabulary = Vocabulary(
///   counting: corpus.lines.flatMap(words.tokens), minimumCount: 3, special: ["<end>"])
/// let numbers = try words.encode("And God said", with: vocabulary)
/// print(words.decode(numbers, with: vocabulary))              // and god said
/// ```
///
/// First come the special tokens, then the one that stands for unknown tokens, then the counted ones
/// from the most frequent on, equally frequent ones in the order of their text. So the numbers
/// depend on the counts alone. Tokens are compared as Swift compares strings: the two ways to write
/// an é are one token.
public struct Vocabulary: Sendable, Equatable {
  /// The tokens by their numbers.
  public let tokens: [String]
  /// How often each token was counted; for the unknown one, how often those were that it stands for.
  public let counts: [Int]
  /// The number of the token that stands for all unknown ones, if there is one.
  public let unknown: Int?
  private let indices: [String: Int]

  /// Counts tokens.
  ///
  /// - Parameters:
  ///   - tokens: The tokens of a corpus, in any order.
  ///   - minimumCount: Tokens that come less often are unknown.
  ///   - maximumSize: The most tokens of the vocabulary, the special ones included; the rarest
  ///     beyond it are unknown. No limit by default.
  ///   - unknown: The token that stands for unknown ones; `nil` for a vocabulary without one.
  ///   - special: Tokens that get the first numbers, whether they were counted or not.
  public init(
    counting tokens: some Sequence<String>, minimumCount: Int = 1, maximumSize: Int? = nil,
    unknown: String? = "<unknown>", special: [String] = []
  ) {
    var counts = TokenCounts()
    counts.add(tokens)
    self.init(
      counts, minimumCount: minimumCount, maximumSize: maximumSize, unknown: unknown,
      special: special)
  }

  init(
    counted: [String: Int], total: Int, minimumCount: Int, maximumSize: Int?, unknown: String?,
    special: [String]
  ) {
    var counted = counted
    let reserved = special + (unknown.map { [$0] } ?? [])
    require(
      Set(reserved).count == reserved.count,
      "Vocabulary: the special tokens \(reserved) hold one twice")
    require(
      maximumSize ?? .max >= reserved.count,
      "Vocabulary: \(reserved.count) special tokens do not fit a size of \(maximumSize ?? 0)")
    var counts = reserved.map { counted.removeValue(forKey: $0) ?? 0 }
    let room = (maximumSize ?? .max) - reserved.count
    let kept = counted.filter { $0.value >= minimumCount }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(room)
    if unknown != nil {
      // All that is left of the text, tokens that were counted and forgotten included.
      let known = counts.dropLast().reduce(0, +) + kept.reduce(0) { $0 + $1.value }
      counts[reserved.count - 1] = total - known
    }
    self.init(
      tokens: reserved + kept.map(\.key), counts: counts + kept.map(\.value),
      unknown: unknown == nil ? nil : special.count)
  }

  /// The tokens are different ones.
  init(tokens: [String], counts: [Int], unknown: Int?) {
    self.tokens = tokens
    self.counts = counts
    self.unknown = unknown
    indices = Dictionary(
      zip(tokens, tokens.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The number of tokens.
  public var count: Int { tokens.count }

  /// The number of a token, or of the unknown one; `nil` when there is neither.
  public subscript(token: String) -> Int? { indices[token] ?? unknown }

  /// Whether a token has a number of its own.
  public func contains(_ token: String) -> Bool { indices[token] != nil }

  /// The numbers of tokens.
  ///
  /// - Throws: ``UnknownTokenError`` when a token is unknown and there is none to stand for it.
  public func encode(_ tokens: some Sequence<String>) throws(UnknownTokenError) -> [Int] {
    var result: [Int] = []
    for token in tokens {
      guard let index = self[token] else {
        throw UnknownTokenError(token: token, position: result.count)
      }
      result.append(index)
    }
    return result
  }

  /// The tokens of numbers. Traps when one is outside the vocabulary.
  public func decode(_ indices: some Sequence<Int>) -> [String] {
    indices.map { index in
      require(
        tokens.indices.contains(index), "Vocabulary: no token \(index) among \(tokens.count)")
      return tokens[index]
    }
  }
}

/// A token that a vocabulary has no number for.
public struct UnknownTokenError: Error, Equatable, CustomStringConvertible {
  /// The token that the vocabulary lacks.
  public let token: String
  /// How many tokens came before it.
  public let position: Int

  public var description: String {
    "token \(position) is \(String(reflecting: token)), which the vocabulary lacks; make one with a "
      + "token for unknown ones"
  }
}
