import Core
import Foundation
import Recurrent
import Testing

@testable import Course

@Suite struct VanishingCommandTests {
  @Test(arguments: VanishingCommand.ActivationChoice.allCases)
  func `a run tells of bounds that hold, and draws`(
    activation: VanishingCommand.ActivationChoice
  ) throws {
    try withTemporaryFolder { folder in
      let recorder = Recorder()
      let status = CourseCommand.run(
        [
          "vanishing", "--length", "5", "--hidden", "4", "--passages", "2", "--activation",
          activation.rawValue, "--output", folder,
        ], console: recorder.console())
      #expect(status == .success, "\(recorder.complaints)")
      let shares = recorder.output.matches(of: /at most (\d\.\d+) of it/).compactMap {
        Double($0.output.1)
      }
      #expect(shares.count == 2 * VanishingCommand.deltas.count + 1)
      #expect(shares.allSatisfy { $0 <= 1 })
      #expect(FileManager.default.fileExists(atPath: folder + "/vanishing-gradients.svg"))
    }
  }

  @Test func `a linear cell with an orthogonal matrix reaches the bound`() {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([6, 2, 3], dtype: .float64, using: &generator)
    let cell = withRandom(seed: 2) {
      ElmanCell(3, 4, activation: .identity, recurrentInitializer: .orthogonal(gain: 0.7))
    }
    let curve = VanishingCurve("linear", cell, on: x)
    #expect(abs((curve.tightness ?? 0) - 1) < 1e-6)
    #expect(abs(curve.pace - 0.7) < 1e-6)
  }
}

@Suite struct TruncationCommandTests {
  @Test func `the widest window is without bias, and both pictures are drawn`() throws {
    try withTemporaryFolder { folder in
      let recorder = Recorder()
      let status = CourseCommand.run(
        [
          "truncation", "--length", "6", "--batch", "2", "--hidden", "4", "--steps", "2",
          "--output",
          folder,
        ], console: recorder.console())
      #expect(status == .success, "\(recorder.complaints)")
      let whole = recorder.lines.filter { $0.contains(/^\s+6\s/) }
      #expect(whole.count == 3)
      for line in whole { #expect(line.contains("1.0000       1.0000   (1.0000, 1.0000)")) }
      #expect(recorder.lines.count { $0.contains(/^\s+[124]\s/) } == 9)
      let graph = try String(contentsOfFile: folder + "/unrolled-graph.svg", encoding: .utf8)
      #expect(graph.matches(of: />U</).count == 3 && graph.matches(of: />W</).count == 3)
      #expect(graph.matches(of: />V</).count == 3 && graph.contains(">h₃<"))
      #expect(FileManager.default.fileExists(atPath: folder + "/truncation-bias.svg"))
    }
  }

  @Test func `passages longer than the text are refused`() {
    let recorder = Recorder()
    let status = CourseCommand.run(
      ["truncation", "--batch", "10000", "--length", "100000"], console: recorder.console())
    #expect(status == .usage && recorder.complaints.contains("--length"))
  }
}
