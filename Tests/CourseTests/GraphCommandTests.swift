import Foundation
import Testing

@testable import Course

private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let status = CourseCommand.run(
    arguments + ["--output", folder], console: recorder.console())
  return (status, recorder)
}

@Suite struct GraphCommandTests {
  @Test(arguments: GraphLayerName.allCases)
  func `each layer trains on the club and draws it`(layer: GraphLayerName) throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(
        ["graph", "--layer", layer.rawValue, "--epochs", "10", "--hidden", "4"], in: folder)
      #expect(status == .success, "\(recorder.complaints)")
      #expect(recorder.output.contains("34 members, 78 friendships, 156 directed edges"))
      #expect(recorder.lines.count { $0.hasPrefix("step ") } == 5)
      #expect(recorder.lines.last?.wholeMatch(of: /accuracy [01]\.\d{4}/) != nil)
      let picture = try String(
        contentsOfFile: folder + "/graph-karate-club.svg", encoding: .utf8)
      let counts = elements(of: picture)
      #expect(counts["line"] == 78)
      #expect(counts["circle"] == 3 * 34 + 2)
    }
  }

  @Test func `two labels suffice for most members`() throws {
    try withTemporaryFolder { folder in
      let (_, recorder) = run(["graph", "--epochs", "60"], in: folder)
      let accuracy = try #require(recorder.lines.last?.split(separator: " ").last)
      #expect(Double(accuracy)! >= 0.9)
    }
  }

  @Test func `a sentence's attention is its messages, and every edge is drawn`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(
        ["attention-graph", "--longest", "64", "--heads", "3"], in: folder)
      #expect(status == .success, "\(recorder.complaints)")
      #expect(
        recorder.lines.first
          == "4 words: 12 edges between them, 16 with those to themselves; 16 are used")
      let differences = recorder.lines.filter { $0.contains("differ by at most") }
        .map { Double($0.split(separator: " ").last!)! }
      #expect(differences.count == 2 && differences.allSatisfy { $0 < 1e-12 })
      #expect(recorder.lines.count { $0.contains("hears most of") } == 4)
      #expect(recorder.lines.count { $0.hasPrefix("   64") } == 3)
      let picture = try String(contentsOfFile: folder + "/attention-graph.svg", encoding: .utf8)
      // A curve and a head for each edge; a weight beside each, and title, subtitle and words.
      let counts = elements(of: picture)
      #expect(counts["polyline"] == 32 && counts["text"] == 16 + 2 + 4)
    }
  }

  @Test func `a sparse graph has the same attention under its mask`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(
        [
          "attention-graph", "--sentence", "Je mange des pommes rouges", "--window", "1",
          "--stride", "4", "--longest", "64",
        ], in: folder)
      #expect(status == .success)
      #expect(
        recorder.lines.first
          == "5 words: 20 edges between them, 25 with those to themselves; 15 are used")
      let differences = recorder.lines.filter { $0.contains("differ by at most") }
        .map { Double($0.split(separator: " ").last!)! }
      #expect(differences.allSatisfy { $0 < 1e-12 })
    }
  }

  @Test(arguments: [64, 256]) func `steps by the formula are those that are walked`(_ n: Int) {
    let cost = AttentionCost(lengths: [n])
    for row in cost.rows {
      let stride = Int(Double(n).squareRoot().rounded())
      #expect(row.steps == AttentionCost.steps(row.shape, n, stride))
    }
  }
}
