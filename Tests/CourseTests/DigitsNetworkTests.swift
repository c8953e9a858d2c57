import Foundation
import Testing

@testable import Course

private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let short = ["digits", "--model", "cnn", "--hidden", "8", "--batch", "128", "--output", folder]
  return (CourseCommand.run(short + arguments, console: recorder.console()), recorder)
}

@Suite struct DigitsNetworkTests {
  @Test func `with a seed one network is trained`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(["--epochs", "1", "--seed", "3"], in: folder)
      #expect(status == .success)
      #expect(recorder.lines.count { $0.hasPrefix("epoch ") } == 1)
      #expect(recorder.output.contains("cnn: conv 32 – conv 64 – pool – dense 8 – dense 10"))
      #expect(recorder.output.contains("split by seed 3"))
      #expect(recorder.lines.last?.wholeMatch(of: /test accuracy 0\.\d{4}/) != nil)
    }
  }

  @Test func `without a seed five are, and the mean is the last word`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(["--epochs", "0"], in: folder)
      #expect(status == .success)
      let accuracies = recorder.output.matches(of: /seed (\d)   test accuracy (0\.\d{4})/)
      #expect(accuracies.map(\.1) == ["1", "2", "3", "4", "5"])
      let mean = accuracies.compactMap { Double($0.2) }.reduce(0, +) / 5
      let last = try #require(
        recorder.lines.last?.wholeMatch(
          of: /mean test accuracy of the seeds 1 to 5: (0\.\d{4})/))
      #expect(abs((Double(last.1) ?? 0) - mean) < 1.1e-4)
      // The first of them leaves the pictures.
      let picture = try String(
        contentsOfFile: folder + "/digits-confusion-matrix.svg", encoding: .utf8)
      #expect(picture.contains("seed 1"))
    }
  }

  @Test func `a saved network gives its accuracy again`() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/cnn.safetensors"
      let (_, first) = run(["--epochs", "1", "--save", file], in: folder)
      let (_, second) = run(["--epochs", "0", "--load", file], in: folder)
      #expect(first.lines.last == second.lines.last)
    }
  }
}
