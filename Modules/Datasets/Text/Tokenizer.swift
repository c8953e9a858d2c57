/// Cuts text into tokens and puts tokens together again.
public protocol Tokenizer: Sendable {
  /// The tokens of a text, in order.
  func tokens(of text: String) -> [String]
  /// The text that tokens stand for.
  func text(of tokens: some Sequence<String>) -> String
}

extension Tokenizer {
  /// The numbers of a text's tokens.
  ///
  /// - Throws: ``UnknownTokenError`` when the vocabulary lacks a token and has none for unknown ones.
  public func encode(
    _ text: String, with vocabulary: Vocabulary
  ) throws(UnknownTokenError) -> [Int] {
    try vocabulary.encode(tokens(of: text))
  }

  /// The text that numbers stand for. Traps when one is outside the vocabulary.
  public func decode(_ indices: some Sequence<Int>, with vocabulary: Vocabulary) -> String {
    text(of: vocabulary.decode(indices))
  }
}

/// Cuts text into its characters, of what a reader takes for one each.
///
/// Putting them together again gives the same text.
public struct CharacterTokenizer: Tokenizer {
  /// A layer of the function.
  public init() {}

  public func tokens(of text: String) -> [String] { text.map { String($0) } }

  public func text(of tokens: some Sequence<String>) -> String { tokens.joined() }
}

/// Cuts text into words and punctuation marks.
///
/// ```
/// And Joseph saw Ephraim's children: 3.  →  and joseph saw ephraim's children : 3 .
/// ```
///
/// A word is a run of letters and digits, with apostrophes between them; every other character that
/// is no space is a token of its own. Putting tokens together again sets spaces by rule, not as they
/// were: none before closing punctuation, none behind an opening bracket, one everywhere else.
public struct WordTokenizer: Tokenizer {
  /// Whether words become lower case.
  public var lowercases: Bool

  /// A tokenizer that lowers capitals unless told otherwise.
  public init(lowercases: Bool = true) { self.lowercases = lowercases }

  public func tokens(of text: String) -> [String] {
    let characters = Array(text)
    var result: [String] = []
    var position = 0
    while position < characters.count {
      let start = position
      while position < characters.count, continuesWord(characters, position, start) {
        position += 1
      }
      if position > start {
        let word = String(characters[start..<position])
        result.append(lowercases ? word.lowercased() : word)
      } else {
        if !characters[position].isWhitespace { result.append(String(characters[position])) }
        position += 1
      }
    }
    return result
  }

  private func continuesWord(_ characters: [Character], _ position: Int, _ start: Int) -> Bool {
    func isInWord(_ index: Int) -> Bool {
      index < characters.count && (characters[index].isLetter || characters[index].isNumber)
    }
    if isInWord(position) { return true }
    let isApostrophe = characters[position] == "'" || characters[position] == "’"
    return isApostrophe && position > start && isInWord(position + 1)
  }

  public func text(of tokens: some Sequence<String>) -> String {
    var result = ""
    var joinsNext = true
    for token in tokens {
      let isClosing = token.count == 1 && ".,;:!?)]}%".contains(token)
      if !joinsNext, !isClosing { result += " " }
      result += token
      joinsNext = token.count == 1 && "([{".contains(token)
    }
    return result
  }
}
