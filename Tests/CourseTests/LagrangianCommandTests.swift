import Foundation
import Testing

@testable import Course

/// A run that is short in debug builds too.
private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let short = [
    "lagrangian", "--layers", "2", "--hidden", "6", "--epochs", "2", "--batch", "200", "--output",
    folder,
  ]
  return (CourseCommand.run(short + arguments, console: recorder.console()), recorder)
}

@Suite struct LagrangianCommandTests {
  @Test(arguments: ActivationName.allCases)
  func `a run measures the conditions, shows a multiplier for each layer and draws them`(
    activation: ActivationName
  ) throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(["--activation", activation.rawValue], in: folder)
      #expect(status == .success && recorder.complaints.isEmpty)
      #expect(recorder.output.contains("\(activation.rawValue) network 64-6-6-10"))
      let epochs = recorder.lines.filter { $0.hasPrefix("epoch ") }
      #expect(epochs.count == 2)
      for line in epochs {
        let lengths = line.split(separator: "‖λ‖")[1].split(separator: " ").map { Double($0)! }
        #expect(lengths.count == 3 && lengths.allSatisfy { $0 > 0 && $0 < 10 })
      }
      let conditions = recorder.lines.filter { $0.contains("    ") && $0.hasPrefix("  ") }
      #expect(conditions.count == 4)
      for line in conditions {
        let text = try #require(line.split(separator: " ").last)
        #expect(try #require(Double(text)) < 1e-5)
      }
      #expect(recorder.lines.last?.wholeMatch(of: /test accuracy 0\.\d{4}/) != nil)
      let picture = try String(
        contentsOfFile: folder + "/lagrangian-multipliers.svg", encoding: .utf8)
      #expect(elements(of: picture)["polyline"] == 7)  // 3 multipliers, 3 gradients, the loss
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    }
  }

  @Test func `the same command gives the same result, and another seed another`() throws {
    try withTemporaryFolder { folder in
      let (_, first) = run([], in: folder)
      let (_, second) = run([], in: folder)
      let (_, other) = run(["--seed", "2"], in: folder)
      #expect(first.output == second.output)
      #expect(first.lines.dropFirst(2) != other.lines.dropFirst(2))
    }
  }

  @Test func `the loss falls`() throws {
    try withTemporaryFolder { folder in
      let (_, recorder) = run(["--layers", "1", "--epochs", "6", "--batch", "50"], in: folder)
      let losses = recorder.lines.filter { $0.hasPrefix("epoch ") }.map { line in
        Double(line.split(separator: "ℒ")[1].split(separator: " ")[0])!
      }
      #expect(losses.count == 6 && losses[5] < 0.8 * losses[0])
    }
  }

  @Test(arguments: [["--layers", "0"], ["--activation", "step"], ["--learning-rate", "-1"]])
  func `wrong options are the command line's fault`(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(arguments, in: folder)
      #expect(status == .usage && recorder.output.isEmpty)
      #expect(recorder.complaints.split(separator: "\n").count == 1)
    }
  }

  @Test func `a training that diverges and a folder that cannot be made say so`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(
        ["--activation", "relu", "--learning-rate", "1e30"], in: folder)
      #expect(status == .failure && recorder.complaints.contains("--learning-rate"))
      let file = folder + "/file"
      try Data().write(to: URL(fileURLWithPath: file))
      let (blocked, blockedRecorder) = run(["--output", file + "/inside"], in: folder)
      #expect(blocked == .failure && blockedRecorder.complaints.contains(file))
    }
  }
}
