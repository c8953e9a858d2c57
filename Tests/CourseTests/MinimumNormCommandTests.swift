import Foundation
import Testing

@testable import Course

@Suite struct MinimumNormCommandTests {
  @Test func `the three ways agree, and a random start ends longer`() throws {
    try withTemporaryFolder { folder in
      let recorder = Recorder()
      let status = CourseCommand.run(
        ["minimum-norm", "--examples", "4", "--steps", "3000", "--output", folder],
        console: recorder.console())
      #expect(status == .success && recorder.complaints.isEmpty)
      for line in recorder.lines where line.hasPrefix("  ") {
        #expect(
          try #require(line.split(separator: " ").last.flatMap { Double($0) }) < 1e-8, "\(line)")
      }
      func length(_ name: String) throws -> Double {
        let line = try #require(recorder.lines.last { $0.hasPrefix(name + " ") })
        return try #require(
          line.dropFirst(18).split(separator: " ").dropFirst().first.flatMap { Double($0) })
      }
      let shortest = try length("pseudo-inverse")
      #expect(try length("conditions") == shortest && length("descent from 0") == shortest)
      #expect(try length("descent from w₀") > 2 * shortest)
      let picture = try String(contentsOfFile: folder + "/minimum-norm.svg", encoding: .utf8)
      #expect(elements(of: picture)["polyline"] == 5)
    }
  }

  @Test func `two classes that are one are the command line's fault`() throws {
    let recorder = Recorder()
    let status = CourseCommand.run(
      ["minimum-norm", "--first", "3", "--second", "3"], console: recorder.console())
    #expect(status == .usage && recorder.complaints.contains("--second"))
  }
}
