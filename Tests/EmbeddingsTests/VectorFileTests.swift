import Core
import Foundation
import Testing

@testable import Embeddings

@Suite struct VectorFileTests {
  typealias Format = WordVectors.FileFormat

  @Test(arguments: Format.allCases) func `what is written reads back the same`(format: Format)
    throws
  {
    var vectors = someVectors(50, 7)
    vectors = WordVectors(
      words: ["é", "don't", "漢字"] + vectors.words.dropFirst(3), vectors: vectors.vectors * 1e-20)
    try withFile("") { path in
      try vectors.write(to: path, format: format)
      let read = try WordVectors(path, format: format)
      #expect(read.words == vectors.words)
      expectEqual(read.vectors, vectors.vectors)
    }
  }

  @Test func `reads what others write`() throws {
    let expected = Tensor([[1, -2.5], [0.125, 3e4]])
    try withFile("2 2\nking 1 -2.5\nqueen 0.125 3e4\n") { path in
      let read = try WordVectors(path, format: .word2vecText)
      #expect(read.words == ["king", "queen"])
      expectEqual(read.vectors, expected)
    }
    // The word2vec program leaves a space behind the last number; lines may end in CRLF.
    try withFile("2 2\r\nking 1.0 -2.5 \r\nqueen 0.125 30000 \r\n") { path in
      expectEqual(try WordVectors(path, format: .word2vecText).vectors, expected)
    }
    try withFile("king 1 -2.5\nqueen 0.125 30000") { path in
      expectEqual(try WordVectors(path, format: .glove).vectors, expected)
    }
    try withFile("king 1 -2.5\n. . queen 0.125 30000\n") { path in
      let words = try WordVectors(path, format: .glove).words
      #expect(words == ["king", ". . queen"])
    }
    func bytes(_ numbers: [Float]) -> [UInt8] {
      numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
      }
    }
    for end in ["\n", ""] {
      let file =
        Array("2 2\nking ".utf8) + bytes([1, -2.5]) + Array("\(end)queen ".utf8)
        + bytes([0.125, 3e4]) + Array(end.utf8)
      try withFile(file) { path in
        let read = try WordVectors(path, format: .word2vecBinary)
        #expect(read.words == ["king", "queen"])
        expectEqual(read.vectors, expected)
      }
    }
  }

  private func failure(_ bytes: [UInt8], _ format: Format) throws -> WordFileError {
    try withFile(bytes) { path in
      let error = try #require(throws: WordFileError.self) {
        try WordVectors(path, format: format)
      }
      #expect(error.path == path && error.description.hasPrefix(path))
      return error
    }
  }

  private func failure(_ text: String, _ format: Format = .word2vecText) throws -> WordFileError {
    try failure(Array(text.utf8), format)
  }

  @Test func `damage is named with its place`() throws {
    #expect(try failure("").place == .line(1))
    #expect(try failure("king 1 2\n").place == .line(1))
    #expect(try failure("-1 2\n").place == .line(1))
    #expect(try failure("1 0\nking\n").place == .line(1))
    #expect(try failure("2 2\nking 1 2\nqueen 1\n").place == .line(3))
    #expect(try failure("2 2\nking 1 2\nqueen 1 2 3\n").place == .line(3))
    #expect(try failure("2 2\nking 1 2\nqueen 1 x\n").place == .line(3))
    #expect(try failure("2 2\nking 1 2\nqueen 1 nan\n").place == .line(3))
    #expect(try failure("2 2\nking 1 2\nqueen 1 1e99\n").place == .line(3))
    #expect(try failure("2 2\nking 1 2\nking 1 2\n").place == .line(3))
    #expect(try failure("1 2\nking 1 2\nqueen 1 2\n").place == .line(3))
    #expect(try failure("2 2\nking 1000 2000\n").place == .file)
    #expect(
      try failure(Array("1 2\nk".utf8) + [0xC3, 0x28] + Array(" 1 2\n".utf8), .word2vecText)
        .place == .line(2))
    #expect(try failure("", .glove).place == .file)
    #expect(try failure("king\n", .glove).place == .line(1))
    #expect(try failure("king 1 2\nqueen 1\n", .glove).place == .line(2))
    #expect(throws: WordFileError.self) {
      try WordVectors("/nowhere/at/all", format: .glove)
    }
  }

  @Test func `a false promise asks for no memory`() throws {
    for promise in [
      "9223372036854775807 9223372036854775807", "4611686018427387904 2",
      "1000000000 300", "2 1000000000",
    ] {
      for format in [Format.word2vecText, .word2vecBinary] {
        let error = try failure("\(promise)\nking 1 2\n", format)
        #expect(error.place == .line(1) && error.found.contains("promise"))
      }
    }
  }

  @Test func `binary files that end early or late are errors`() throws {
    let vectors = someVectors(3, 2)
    let whole = try withFile("") { path in
      try vectors.write(to: path, format: .word2vecBinary)
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    for length in 4..<(whole.count - 1) {
      _ = try failure(Array(whole[..<length]), .word2vecBinary)
    }
    #expect(try failure(whole + [65], .word2vecBinary).place == .offset(whole.count))
    var infinite = whole
    infinite.replaceSubrange(7..<11, with: [0, 0, 0x80, 0x7F])
    #expect(try failure(infinite, .word2vecBinary).place == .offset(7))
  }

  @Test func `words that a format cannot hold are errors`() throws {
    let spaced = WordVectors(words: ["new york"], vectors: Tensor([[1]]))
    try withFile("") { path in
      #expect(throws: WordFileError.self) { try spaced.write(to: path, format: .word2vecText) }
      try spaced.write(to: path, format: .glove)
      let words = try WordVectors(path, format: .glove).words
      #expect(words == ["new york"])
      let broken = WordVectors(words: ["a"], vectors: Tensor([[Float.nan]]))
      #expect(throws: WordFileError.self) { try broken.write(to: path, format: .glove) }
    }
    #expect(throws: WordFileError.self) { try spaced.write(to: "/nowhere/at/all", format: .glove) }
  }

  @Test func `random bytes never crash the readers`() throws {
    var generator = RandomGenerator(seed: 9)
    let start = Array("3 2\na 1 2\nb 3 4\nc 5 6\n".utf8)
    for _ in 0..<40 {
      var bytes = start
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
          UInt8.random(in: 0...255, using: &generator)
      }
      for format in Format.allCases {
        try withFile(bytes) { path in _ = try? WordVectors(path, format: format) }
      }
    }
  }
}
