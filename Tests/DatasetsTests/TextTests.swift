import Foundation
import Testing

@testable import Datasets

/// The lines of bytes that come in pieces.
private func lines(_ bytes: [UInt8], piece: Int = 1000, stretch: Int = 1000) throws -> [String] {
  var lines = TextLines(ChoppedSource(bytes, piece: piece), longest: 100, stretch: stretch)
  return try lines.collect()
}

@Suite struct TextLinesTests {
  @Test(arguments: [1, 2, 3, 1000])
  func `every line end, whatever the pieces`(stretch: Int) throws {
    for (text, expected) in [
      ("", []), ("a", ["a"]), ("a\n", ["a"]), ("\n", [""]), ("\r\n", [""]), ("\r", [""]),
      ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]), ("a\rb\r", ["a", "b"]),
      ("a\n\nb\r\r\nc\n\r", ["a", "", "b", "", "c", ""]), ("\u{FEFF}a\n", ["a"]), ("\u{FEFF}", []),
      ("é\nλόγος\n🦉\u{2028}x", ["é", "λόγος", "🦉\u{2028}x"]),
    ] as [(String, [String])] {
      for piece in [1, 2, 1000] {
        #expect(try lines(Array(text.utf8), piece: piece, stretch: stretch) == expected)
      }
    }
  }

  @Test(
    arguments: [
      // Stray and missing continuations, overlong forms, surrogates, past the last character.
      ([0x80], 0), ([0x61, 0xC3], 1), ([0x61, 0x62, 0xFF], 2), ([0xC0, 0x80], 0),
      ([0xC1, 0xBF], 0),
      ([0xE0, 0x80, 0x80], 0), ([0xE0, 0x9F, 0xBF], 0), ([0xED, 0xA0, 0x80], 0),
      ([0xF0, 0x8F, 0xBF, 0xBF], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0),
      ([0xE2, 0x82], 0), ([0xE2, 0x28, 0xA1], 0), ([0xF0, 0x9F, 0x98, 0x0A], 0),
    ] as [([UInt8], Int)])
  func `bytes that are not UTF-8 are reported by their offset`(bytes: [UInt8], place: Int) throws {
    for prefix in ["", "line\n", "ü\r\nan \u{FEFF} owl 🦉 "] {
      for stretch in [1, 5, 1000] {
        let error = #expect(throws: DataError.self) {
          try lines(Array(prefix.utf8) + bytes, stretch: stretch)
        }
        #expect(error?.place == .offset(prefix.utf8.count + place))
        #expect(error?.expected == "text in UTF-8")
      }
    }
  }

  @Test func `validity agrees with the standard library on all pairs and many quadruples`() {
    for first in 0...255 {
      for second in 0...255 {
        let bytes = [UInt8(first), UInt8(second)]
        #expect(
          (firstInvalidUTF8(bytes[...]) == nil) == (String(validating: bytes, as: UTF8.self) != nil)
        )
      }
    }
    for lead in 0xE0...0xF8 {
      for second in stride(from: 0x70, through: 0xD0, by: 8) {
        for last in [0x7F, 0x80, 0xBF, 0xC0] {
          let bytes = [UInt8(lead), UInt8(second), 0x80, UInt8(last)]
          #expect(
            (firstInvalidUTF8(bytes[...]) == nil)
              == (String(validating: bytes, as: UTF8.self) != nil))
        }
      }
    }
  }

  @Test func `a line that is too long is refused`() throws {
    let text = "short\n" + String(repeating: "x", count: 101)
    let error = #expect(throws: DataError.self) { try lines(Array(text.utf8), stretch: 10) }
    #expect(error?.place == .offset(6))
    #expect(error?.expected == "a line of at most 100 bytes")
    #expect(try lines(Array(text.utf8.dropLast())).count == 2)
  }
}

@Suite struct TextCorpusTests {
  @Test func `the bundled Genesis is whole`() throws {
    let genesis = try TextCorpus.genesis()
    #expect(genesis.lines.count == 1533)
    #expect(genesis.lines.first == "In the beginning God created the heaven and the earth.")
    #expect(genesis.lines.last?.hasSuffix("and he was put in a coffin in Egypt.") == true)
    // Counted with wc.
    #expect(genesis.text.utf8.count == 196_818)
    #expect(genesis.text.split(whereSeparator: \.isWhitespace).count == 38_265)
    let (training, test) = genesis.split(training: 0.9)
    #expect(training.lines.count == 1379)
    #expect(training.lines + test.lines == genesis.lines)
  }

  @Test func `packed files, and files with empty lines`() throws {
    let text = "one\n\n\ntwo\n"
    for bytes in [Array(text.utf8), Gzip.compress(Array(text.utf8))] {
      try withFile(bytes) { path in
        let (all, full) = (try TextCorpus(path), try TextCorpus(path, skippingEmptyLines: true))
        #expect(all.lines == ["one", "", "", "two"])
        #expect(full.lines == ["one", "two"])
      }
    }
    let missing = #expect(throws: DataError.self) { try TextCorpus("/nowhere/a.txt") }
    #expect(
      missing.map { "\($0)" } == "/nowhere/a.txt: expected a readable file, found none")
  }
}

@Suite struct VocabularyTests {
  private let words = ["b", "a", "c", "a", "b", "a", "d", "é"]

  @Test func `tokens come in the order of their counts, then of their text`() {
    let vocabulary = Vocabulary(counting: words, special: ["<end>"])
    #expect(vocabulary.tokens == ["<end>", "<unknown>", "a", "b", "c", "d", "é"])
    #expect(vocabulary.counts == [0, 0, 3, 2, 1, 1, 1])
    #expect(vocabulary == Vocabulary(counting: words.reversed(), special: ["<end>"]))
  }

  @Test func `rare tokens are unknown`() throws {
    let vocabulary = Vocabulary(counting: words, minimumCount: 2)
    #expect(vocabulary.tokens == ["<unknown>", "a", "b"])
    #expect(vocabulary.counts == [3, 3, 2])
    #expect(try vocabulary.encode(["b", "d", "never", "a"]) == [2, 0, 0, 1])
    #expect(vocabulary.decode([2, 0, 1]) == ["b", "<unknown>", "a"])
    #expect(!vocabulary.contains("d") && vocabulary.contains("b"))
    #expect(Vocabulary(counting: words, maximumSize: 2).tokens == ["<unknown>", "a"])
  }

  @Test func `without a token for unknown ones they are errors`() throws {
    let vocabulary = Vocabulary(counting: words, unknown: nil)
    #expect(vocabulary.count == 5)
    let error = #expect(throws: UnknownTokenError.self) { try vocabulary.encode(["a", "x"]) }
    #expect(error == UnknownTokenError(token: "x", position: 1))
  }

  @Test func `what is saved is loaded again`() throws {
    let odd = ["\n", "\t", "\\", "\r\n", "\\n", "a b", "🦉", "", "\u{301}", "\t\u{301}"]
    try withTemporaryFolder { folder in
      let path = folder + "/vocabulary.txt"
      for unknown in [nil, "<unknown>"] {
        let vocabulary = Vocabulary(counting: odd + ["a b"], unknown: unknown, special: ["<pad>"])
        try vocabulary.save(to: path)
        #expect(try Vocabulary(path) == vocabulary)
      }
    }
  }

  @Test(arguments: [
    ("", "line 1: expected \"apus vocabulary 1\", a tabulator, and a number or -, found \"\""),
    ("apus vocabulary 1\t0\n", "line 1: expected the number of a token below 0, found 0"),
    ("apus vocabulary 1\t-\na\n", "line 2: expected a token, a tabulator and a count, found \"a\""),
    ("apus vocabulary 1\t-\na\t1\na\t1\n", "line 3: expected a new token, found \"a\" again"),
    (
      "apus vocabulary 1\t-\n\\x\t1\n",
      "line 2: expected a token, a tabulator and a count, found \"\\x\t1\""
    ),
  ])
  func `a damaged file is refused`(text: String, message: String) throws {
    try withFile(Array(text.utf8)) { path in
      let error = #expect(throws: DataError.self) { try Vocabulary(path) }
      #expect(error.map { "\($0)" } == "\(path), \(message)")
    }
  }
}

@Suite struct TokenizerTests {
  @Test func `characters go there and back`() throws {
    let tokenizer = CharacterTokenizer()
    let text = "Naïve 🦉s,\r\n\tand é."
    let vocabulary = Vocabulary(counting: tokenizer.tokens(of: text))
    let numbers = try tokenizer.encode(text, with: vocabulary)
    #expect(numbers.count == text.count)
    #expect(tokenizer.decode(numbers, with: vocabulary) == text)
  }

  @Test func `words, apostrophes and punctuation`() throws {
    let tokenizer = WordTokenizer()
    #expect(
      tokenizer.tokens(of: "And Joseph saw  Ephraim's children: (3, ’tis) 'x' - o'er;\nÉté")
        == [
          "and", "joseph", "saw", "ephraim's", "children", ":", "(", "3", ",", "’", "tis", ")", "'",
          "x", "'", "-", "o'er", ";", "été",
        ])
    #expect(tokenizer.tokens(of: " \n ").isEmpty)
    #expect(WordTokenizer(lowercases: false).tokens(of: "And God") == ["And", "God"])
    #expect(
      tokenizer.text(of: ["saw", "(", "3", "sons", ")", ",", "he", "said", "."])
        == "saw (3 sons), he said.")
  }

  @Test func `a vocabulary of Genesis`() throws {
    let tokenizer = WordTokenizer()
    let verses = try TextCorpus.genesis().lines[..<60]
    let tokens = verses.flatMap(tokenizer.tokens)
    let vocabulary = Vocabulary(counting: tokens, minimumCount: 5)
    #expect(vocabulary.counts.reduce(0, +) == tokens.count)
    #expect(vocabulary.tokens[1...2].sorted() == ["and", "the"])
    let numbers = try tokenizer.encode(verses[0], with: vocabulary)
    #expect(
      tokenizer.decode(numbers, with: vocabulary)
        == "in the <unknown> god created the heaven and the earth.")
  }
}
