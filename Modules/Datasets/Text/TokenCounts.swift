import Core

/// How often each token of a text comes, counted a piece at a time.
///
/// ```swift
/// var counts = TokenCounts()
/// let lines = try TextLines("corpus.txt")
/// while let line = try lines.next() { counts.add(words.tokens(of: line)) }
/// let vocabulary = Vocabulary(counts, minimumCount: 5, unknown: nil)
/// ```
///
/// For files larger than memory a limit keeps the table small: when there are more different tokens,
/// the rarest are forgotten: the first time those that came once, the next time those that came at
/// most twice, and so on. A token that comes again after that starts from 0.
public struct TokenCounts: Sendable {
  /// The count of each token that is remembered.
  public private(set) var counts: [String: Int] = [:]
  /// The number of tokens added.
  public private(set) var total = 0
  /// How often tokens were forgotten; none had a greater count at the time.
  public private(set) var forgotten = 0
  /// The most different tokens that are remembered.
  public let limit: Int

  /// - Parameter limit: No limit unless told otherwise.
  public init(limit: Int = .max) {
    require(limit > 0, "TokenCounts: a limit of \(limit) tokens")
    self.limit = limit
  }

  /// Counts some more tokens.
  public mutating func add(_ tokens: some Sequence<String>) {
    for token in tokens {
      counts[token, default: 0] += 1
      total += 1
    }
    while counts.count > limit {
      forgotten += 1
      let bound = forgotten
      counts = counts.filter { $0.value > bound }
    }
  }
}

extension Vocabulary {
  /// The vocabulary of counted tokens, as `init(counting:minimumCount:maximumSize:unknown:special:)`
  /// makes it of the tokens themselves.
  public init(
    _ counts: TokenCounts, minimumCount: Int = 1, maximumSize: Int? = nil,
    unknown: String? = "<unknown>", special: [String] = []
  ) {
    self.init(
      counted: counts.counts, total: counts.total, minimumCount: minimumCount,
      maximumSize: maximumSize, unknown: unknown, special: special)
  }
}
