/// A pattern of dotted names: its parts match the first parts of a name, and what is left follows.
///
/// A part `*` matches any one part; `**` at the beginning any number of them.
struct NamePattern: Sendable, Hashable {
  private let parts: [Substring]
  private let isAnywhere: Bool

  /// What a pattern found in a name, from which another pattern makes a name.
  struct Match: Hashable {
    /// What `**` stood for.
    var start: [Substring] = []
    /// What each `*` stood for.
    var wildcards: [Substring] = []
    /// What the pattern left over.
    var rest: [Substring] = []
  }

  init(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: true)
    isAnywhere = parts.first == "**"
    self.parts = isAnywhere ? Array(parts.dropFirst()) : parts
    require(
      !self.parts.contains("**"), "StateRule: in '\(text)', ** stands elsewhere than at the start")
  }

  /// How many `*` there are.
  var wildcardCount: Int { parts.count { $0 == "*" } }
  /// Whether it begins with `**`.
  var hasStart: Bool { isAnywhere }

  /// The first place where the pattern fits; only the beginning counts without `**`.
  func match(_ name: String) -> Match? {
    let words = name.split(separator: ".", omittingEmptySubsequences: false)
    let last = isAnywhere ? words.count - parts.count : 0
    guard last >= 0 else { return nil }
    for start in 0...last {
      if let match = match(words, from: start) { return match }
    }
    return nil
  }

  private func match(_ words: [Substring], from start: Int) -> Match? {
    guard words.count - start >= parts.count else { return nil }
    var match = Match(start: Array(words[..<start]))
    for (part, word) in zip(parts, words[start...]) {
      if part == "*" {
        match.wildcards.append(word)
      } else if part != word {
        return nil
      }
    }
    match.rest = Array(words[(start + parts.count)...])
    return match
  }

  /// The name that has in this pattern's places what another found.
  func name(_ match: Match) -> String {
    var wildcards = match.wildcards[...]
    let middle = parts.map { $0 == "*" ? wildcards.popFirst() ?? $0 : $0 }
    return (match.start + middle + match.rest).joined(separator: ".")
  }
}
