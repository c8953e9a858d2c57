import Foundation
import Testing

@testable import Course

private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let short = ["dropout", "--examples", "3", "--features", "2", "--samples", "2000"]
  let status = CourseCommand.run(
    short + ["--output", folder] + arguments, console: recorder.console())
  return (status, recorder)
}

@Suite struct DropoutCommandTests {
  @Test func `all masks have the formula's loss, and drawn ones are near`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run([], in: folder)
      #expect(status == .success, "\(recorder.complaints)")
      #expect(recorder.lines.first?.contains("64 masks") == true)
      let rows = recorder.lines.compactMap {
        $0.firstMatch(of: /^ +0\.[1-9] +([0-9.]+) +([0-9.]+) +([0-9.]+) ± ([0-9.]+)/)
      }
      #expect(rows.count == 18 && rows.allSatisfy { $0.1 == $0.2 })
      let line = try #require(recorder.lines.first { $0.hasPrefix("all masks and the formula") })
      let match = try #require(
        line.firstMatch(of: /by ([0-9.e-]+) at most.* by ([0-9.]+) standard/))
      #expect(Double(match.1)! < 1e-10 && Double(match.2)! < 4.5)
      let picture = try String(contentsOfFile: folder + "/dropout.svg", encoding: .utf8)
      #expect(elements(of: picture)["polyline"] == 4 && elements(of: picture)["circle"] == 132)
    }
  }

  @Test func `too many masks are the command line's fault`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(["--examples", "5", "--features", "4"], in: folder)
      #expect(status == .usage && recorder.complaints.contains("--examples"))
    }
  }
}
