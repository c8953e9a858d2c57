import Foundation
import Testing

@testable import Course

private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let short = ["normalization", "--epochs", "1", "--batch", "256", "--filters", "4"]
  let status = CourseCommand.run(
    short + ["--output", folder] + arguments, console: recorder.console())
  return (status, recorder)
}

@Suite struct NormalizationCommandTests {
  @Test func `every normalisation is trained, and u grows by its law`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run([], in: folder)
      #expect(status == .success, "\(recorder.complaints)")
      for name in NormalizationName.allCases {
        #expect(recorder.lines.count { $0.hasPrefix(name.title + " ") } == 1, "\(name)")
      }
      let law = try #require(recorder.lines.first { $0.contains("√(1 + c²)") })
      let deviation = try #require(law.firstMatch(of: /within ([0-9.e-]+);/)?.1)
      #expect(try #require(Double(deviation)) < 1e-12)
      #expect(law.hasSuffix("no ‖u‖ ever shrank"))
      for match in recorder.output.matches(
        of: /grown ([0-9.]+)-fold in 6 steps, by the law ([0-9.]+)/)
      {
        #expect(match.1 == match.2 && Double(match.1)! > 1)
      }
      let curves = try String(
        contentsOfFile: folder + "/normalization-learning-curves.svg", encoding: .utf8)
      for name in NormalizationName.allCases { #expect(curves.contains(">\(name.title)</text>")) }
      let growth = try String(
        contentsOfFile: folder + "/normalization-growth.svg", encoding: .utf8)
      #expect(elements(of: growth)["polyline"] == 4)
    }
  }

  @Test func `the same command gives the same result, and wrong filters are named`() throws {
    try withTemporaryFolder { folder in
      #expect(run([], in: folder).1.output == run([], in: folder).1.output)
      let (status, recorder) = run(["--filters", "6"], in: folder)
      #expect(status == .usage && recorder.complaints.contains("--filters"))
    }
  }
}
