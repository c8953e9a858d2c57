import Core
import Foundation
import Testing

@testable import Embeddings

@Suite struct QueryTests {
  /// By the definition.
  private func cosine(_ a: [Double], _ b: [Double]) -> Double {
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }

  @Test(arguments: [1, 5, 300]) func `neighbours are those of a full search`(count: Int) throws {
    let vectors = someVectors(count, 6)
    let rows = (0..<count).map { vectors.vectors[$0].scalars(as: Double.self) }
    let asked = [0, count / 2, count - 1]
    let found = try vectors.neighbours(of: asked.map { "w\($0)" }, count: 10)
    for (word, near) in zip(asked, found) {
      let expected = (0..<count).filter { $0 != word }.map { ($0, cosine(rows[word], rows[$0])) }
        .sorted { $0.1 > $1.1 }.prefix(10)
      #expect(near.map(\.word) == expected.map { "w\($0.0)" })
      for (a, b) in zip(near, expected) { #expect(abs(a.similarity - b.1) < 1e-5) }
    }
    let free = vectors.neighbours(of: vectors.vectors[0...0], count: 1)
    #expect(free[0].map(\.word) == ["w0"] && abs(free[0][0].similarity - 1) < 1e-6)
  }

  @Test func `an analogy is found by differences`() throws {
    let words = ["man", "woman", "king", "queen", "apple", "zero"]
    let vectors = WordVectors(
      words: words,
      vectors: Tensor([
        [1, 0, 0.1], [1, 1, 0.1], [1, 0, 2], [1, 1, 2], [-1, 0.4, -0.2], [0, 0, 0],
      ]))
    #expect(try vectors.analogy("man", "king", "woman", count: 1).map(\.word) == ["queen"])
    #expect(try vectors.similarity("zero", "man") == 0)
    #expect(try vectors.neighbours(of: "zero", count: 9).count == 5)
    #expect(try vectors.neighbours(of: "man", count: 0).isEmpty)
    #expect(throws: UnknownWordError(word: "prince")) { try vectors.neighbours(of: "prince") }
    #expect(vectors["prince"] == nil)
  }

  @Test func `correlations are those of the textbook`() {
    // Ranks 1 2.5 2.5 4 beside 1 3 2 4: r = 4.5 / √(4.5 · 5).
    #expect(ranks([10, 20, 20, 30]) == [1, 2.5, 2.5, 4])
    let spearman = correlation(ranks([10, 20, 20, 30]), ranks([1, 3, 2, 9]))
    #expect(abs(spearman - 4.5 / (4.5 * 5).squareRoot()) < 1e-15)
    #expect(abs(correlation([1, 2, 3], [2, 4, 6]) - 1) < 1e-15)
    #expect(abs(correlation([1, 2, 3], [6, 4, 2]) + 1) < 1e-15)
    #expect(correlation([1, 1], [1, 2]).isNaN)
  }

  @Test(arguments: ["\t", ",", ";", " "]) func `judged pairs are read and compared`(
    separator: String
  ) throws {
    let vectors = WordVectors(
      words: ["a", "b", "c"], vectors: Tensor([[1, 0], [1, 0.2], [0, 1]]))
    let lines = ["a b 9", "a c 1.5", "b c 2", "a unknown 4"]
    let head = separator == " " ? "" : "first word\(separator)second\(separator)human (mean)\n"
    let text =
      head + "# a remark\n"
      + lines.map {
        $0.replacingOccurrences(of: " ", with: separator) + "\r\n"
      }.joined()
    try withFile(text) { path in
      let judged = try JudgedPairs(path)
      #expect(judged.pairs.count == 4)
      #expect(judged.pairs[1] == .init("a", "c", 1.5))
      let agreement = judged.agreement(with: vectors)
      #expect(agreement.known == 3 && agreement.missing == 1)
      #expect(abs(agreement.spearman - 1) < 1e-12)
      let cosines = [1 / 1.04.squareRoot(), 0, 0.2 / 1.04.squareRoot()]
      #expect(abs(agreement.pearson - correlation(cosines, [9, 1.5, 2])) < 1e-6)
    }
  }

  @Test func `broken judgements are errors`() throws {
    for (text, place) in [
      ("", WordFileError.Place.file), ("a b 1\na b\n", .line(2)), ("a b 1\na b x\n", .line(2)),
      ("a\tb\tnan\na\tb\tinf\n", .line(2)),
    ] {
      try withFile(text) { path in
        let error = try #require(throws: WordFileError.self) { try JudgedPairs(path) }
        #expect(error.place == place)
      }
    }
  }
}
