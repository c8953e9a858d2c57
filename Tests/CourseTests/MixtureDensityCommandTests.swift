import Foundation
import Testing

@testable import Course

/// A run that is short in debug builds too.
private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let short = [
    "mixture-density", "--samples", "60", "--hidden", "8", "--components", "3", "--epochs", "40",
    "--batch", "30", "--output", folder,
  ]
  return (CourseCommand.run(short + arguments, console: recorder.console()), recorder)
}

@Suite struct MixtureDensityCommandTests {
  @Test func `a run measures both models, names modes and draws them`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(["--epochs", "150", "--noise", "0.02"], in: folder)
      #expect(status == .success && recorder.complaints.isEmpty)
      let figures = recorder.lines.filter { $0.contains("held-out log-likelihood") }.map { line in
        Double(line.split(separator: "likelihood")[1].split(separator: " ")[0])!
      }
      #expect(figures.count == 2 && figures[0] > figures[1])
      #expect(recorder.lines.contains { $0.hasPrefix("modes at x = ") && $0.contains("y = ") })
      let picture = try String(contentsOfFile: folder + "/mixture-density.svg", encoding: .utf8)
      let parts = elements(of: picture)
      #expect(parts["polyline"] == 6 && (parts["circle"] ?? 0) > 120)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    }
  }

  @Test func `the same command gives the same result, and another seed another`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (run([], in: folder).1, run([], in: folder).1)
      let other = run(["--seed", "2"], in: folder).1
      #expect(first.output == second.output)
      #expect(first.lines.dropFirst() != other.lines.dropFirst())
    }
  }

  @Test func `pairs from a file, and files that hold none`() throws {
    try withTemporaryFolder { folder in
      func attempt(_ text: String) throws -> (CourseCommand.Status, Recorder) {
        let path = folder + "/pairs.csv"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return run(["--data", path, "--epochs", "3"], in: folder)
      }
      let rows = (0..<30).map { "\($0 % 7),\(Double($0) * 0.3)" }
      let (status, recorder) = try attempt(rows.joined(separator: "\n"))
      #expect(status == .success, "\(recorder.complaints)")
      #expect(recorder.lines[0] == "pairs.csv: 24 pairs to learn, 6 held out")
      let broken = [
        rows.prefix(5).joined(separator: "\n"), rows.map { $0 + ",1" }.joined(separator: "\n"),
        (0..<30).map { "\($0),2" }.joined(separator: "\n"), "x,y\n" + rows.joined(separator: "\n"),
        rows.joined(separator: "\n") + "\n1,nan",
      ]
      for text in broken {
        let (status, recorder) = try attempt(text)
        #expect(status == .failure && recorder.complaints.contains("pairs.csv"))
        #expect(recorder.complaints.split(separator: "\n").count == 1)
      }
      #expect(run(["--data", folder + "/none.csv"], in: folder).0 == .failure)
    }
  }

  @Test(arguments: [["--components", "0"], ["--noise", "-1"], ["--samples", "3"]])
  func `wrong options are the command line's fault`(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(arguments, in: folder)
      #expect(status == .usage && recorder.output.isEmpty)
    }
  }
}
