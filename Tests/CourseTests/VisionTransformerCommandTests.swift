import Foundation
import Testing

@testable import Course

private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let short = [
    "vision-transformer", "--width", "8", "--depth", "1", "--heads", "2", "--epochs", "1",
    "--batch", "240", "--patch", "4", "--output", folder,
  ]
  return (CourseCommand.run(short + arguments, console: recorder.console()), recorder)
}

@Suite struct VisionTransformerCommandTests {
  @Test(arguments: PoolingName.allCases)
  func `a run reports its epochs, draws where it looked and ends with the accuracy`(
    pooling: PoolingName
  ) throws {
    try withTemporaryFolder { folder in
      let file = folder + "/v.safetensors"
      let (status, recorder) = run(["--pooling", pooling.rawValue, "--save", file], in: folder)
      #expect(status == .success, "\(recorder.complaints)")
      #expect(recorder.output.contains("4 patches of 4×4, 1 layers of width 8 with 2 heads"))
      #expect(recorder.lines.count { $0.hasPrefix("epoch ") } == 1)
      #expect(recorder.lines.last?.wholeMatch(of: /test accuracy 0\.\d{4}/) != nil)
      for name in ["learning-curve", "attention"] {
        let picture = try String(
          contentsOfFile: folder + "/vision-transformer-\(name).svg", encoding: .utf8)
        #expect(elements(of: picture)["svg"] == 1)
      }
      let (_, again) = run(
        ["--pooling", pooling.rawValue, "--load", file, "--epochs", "0"], in: folder)
      #expect(again.lines.last == recorder.lines.last)
    }
  }

  @Test func `what does not fit is said in one line`() throws {
    try withTemporaryFolder { folder in
      for (arguments, message) in [
        (["--patch", "3"], "--patch 3 does not divide pictures of 8×8 evenly"),
        (["--heads", "3"], "--width 8 is no multiple of --heads 3"),
      ] {
        let (status, recorder) = run(arguments, in: folder)
        #expect(status == .usage)
        #expect(recorder.complaints == "course: \(message)\n")
      }
    }
  }
}
