import Core
import Embeddings
import Foundation
import Testing

@testable import Course

/// A run that is short in debug builds too: sentences of two topics.
private func run(_ arguments: [String], in folder: String) throws -> (
  CourseCommand.Status, Recorder
) {
  let recorder = Recorder()
  let corpus = folder + "/corpus.txt"
  let topics = [["cat", "dog", "cow", "hen"], ["sun", "moon", "star", "sky"]]
  var generator = RandomGenerator(seed: 3)
  let lines = (0..<320).map { (line: Int) -> String in
    let words = (0..<6).map { _ in topics[line % 2].randomElement(using: &generator)! }
    return words.joined(separator: " ")
  }
  try (lines.joined(separator: ".\n") + "\n").write(
    toFile: corpus, atomically: true, encoding: .utf8)
  let short = [
    "skip-gram", "--corpus", corpus, "--dimensions", "8", "--epochs", "12", "--window", "3",
    "--subsampling", "0", "--learning-rate", "0.1", "--words", "cat,nowhere", "--output", folder,
  ]
  return (CourseCommand.run(short + arguments, console: recorder.console()), recorder)
}

@Suite struct SkipGramCommandTests {
  @Test(arguments: [
    [], ["--architecture", "bagOfWords"], ["--objective", "hierarchicalSoftmax"],
    ["--objective", "softmax"], ["--execution", "lockFree", "--negatives", "2"],
  ]) func `words of a topic come together`(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = try run(arguments, in: folder)
      #expect(status == .success && recorder.complaints.isEmpty)
      let epochs = recorder.lines.filter { $0.hasPrefix("epoch ") }
      #expect(epochs.count == 12)
      let share = try #require(epochs.last?.firstMatch(of: /strangers (\d+\.\d) %/))
      #expect(try #require(Double(share.1)) > 60)
      #expect(recorder.lines.contains { $0.hasPrefix("nowhere") && $0.contains("not in the") })
      let vectors = try WordVectors(folder + "/skip-gram-vectors.txt", format: .word2vecText)
      #expect(vectors.count == 8 && vectors.dimensions == 8)
      let near = try vectors.neighbours(of: "cat", count: 3).map(\.word)
      #expect(Set(near) == ["dog", "cow", "hen"])
      let picture = try String(
        contentsOfFile: folder + "/skip-gram-words.svg", encoding: .utf8)
      #expect(elements(of: picture)["circle"] == 8)
    }
  }

  @Test func `the seed decides`() throws {
    let files = try [["--seed", "1"], ["--seed", "1"], ["--seed", "2"]].map { arguments in
      try withTemporaryFolder { folder in
        _ = try run(arguments + ["--epochs", "1"], in: folder)
        return try String(contentsOfFile: folder + "/skip-gram-vectors.txt", encoding: .utf8)
      }
    }
    #expect(files[0] == files[1] && files[0] != files[2])
  }

  @Test func `texts that teach nothing are errors in one line`() throws {
    try withTemporaryFolder { folder in
      for text in ["", "one one one one one one\n"] {
        let corpus = folder + "/other.txt"
        try text.write(toFile: corpus, atomically: true, encoding: .utf8)
        let (status, recorder) = try run(["--corpus", corpus], in: folder)
        #expect(status == .failure)
        #expect(recorder.complaints.contains("two different words"))
        #expect(recorder.complaints.split(separator: "\n").count == 1)
      }
      let (status, recorder) = try run(["--corpus", folder + "/none.txt"], in: folder)
      #expect(status == .failure && recorder.complaints.contains("none.txt"))
      #expect(try run(["--words", "a,,b"], in: folder).0 == .usage)
    }
  }

  @Test func `held-out pairs are ranked against strangers`() {
    let text = Sentences((0..<50).map { _ in [0, 1] })
    let ranking = PairRanking(
      of: text, windows: ContextWindows(reach: 1), counts: [1, 1, 1, 1], limit: 40, seed: 1)
    #expect(ranking.count == 34)
    // True pairs add up to 1; strangers are as often 0 as 1, 2 or 3.
    let share = ranking.share { words, others in -abs(words + others - 1.0) }
    #expect(share > 0.75 && share <= 1)
    #expect(ranking.share { words, _ in words * 0.0 } == 0.5)
  }
}
