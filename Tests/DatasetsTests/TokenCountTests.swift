import Datasets
import Foundation
import Testing

@Suite struct TokenCountTests {
  private let tokens = "a b a c a b d a".split(separator: " ").map(String.init)

  @Test(arguments: [1, 2, 3]) func `counts in pieces as at once`(pieces: Int) {
    var counts = TokenCounts()
    for start in stride(from: 0, to: tokens.count, by: pieces) {
      counts.add(tokens[start..<min(start + pieces, tokens.count)])
    }
    for unknown in [nil, "?"] {
      let one = Vocabulary(counts, minimumCount: 2, unknown: unknown, special: ["d"])
      let other = Vocabulary(
        counting: tokens, minimumCount: 2, unknown: unknown, special: ["d"])
      #expect(one == other)
    }
  }

  @Test func `forgets the rarest beyond the limit`() {
    var counts = TokenCounts(limit: 2)
    for token in tokens { counts.add([token]) }
    // After "a b a c" those that came once go, after "a … d" those that came at most twice.
    #expect(counts.counts == ["a": 4])
    #expect(counts.total == 8 && counts.forgotten == 2)
    let vocabulary = Vocabulary(counts, unknown: "?")
    #expect(vocabulary.counts == [4, 4])
  }

  @Test func `encodes a file line by line`() throws {
    let path = NSTemporaryDirectory() + "apus-encoded-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "A b\n\nc d, a\n".write(toFile: path, atomically: true, encoding: .utf8)
    let known = Vocabulary(counting: ["a", "b", "a", "d"], unknown: nil)
    let lines = try EncodedLines(path, with: known, cutBy: WordTokenizer())
    #expect(try lines.next() == [0, 1])
    #expect(try lines.next() == [])
    #expect(try lines.next() == [2, 0])
    #expect(try lines.next() == nil)
    let other = Vocabulary(counting: ["a"], unknown: "?")
    let all = try EncodedLines(path, with: other, cutBy: WordTokenizer())
    #expect(try all.next() == [1, 0])
  }
}
