import Foundation
import Testing

@testable import Course

/// A run that is short in debug builds too.
private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let short = ["digits", "--hidden", "8", "--epochs", "2", "--batch", "128", "--output", folder]
  return (CourseCommand.run(short + arguments, console: recorder.console()), recorder)
}

@Suite struct DigitsCommandTests {
  @Test(arguments: OptimizerName.allCases)
  func `a run reports its epochs, names its pictures and ends with the accuracy`(
    optimizer: OptimizerName
  ) throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(["--optimizer", optimizer.rawValue], in: folder)
      #expect(status == .success)
      #expect(recorder.lines.count { $0.hasPrefix("epoch ") } == 2)
      #expect(recorder.lines.last?.wholeMatch(of: /test accuracy 0\.\d{4}/) != nil)
      for name in ["digits-learning-curve.svg", "digits-confusion-matrix.svg"] {
        #expect(FileManager.default.fileExists(atPath: folder + "/" + name))
        #expect(recorder.output.contains(folder + "/" + name))
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(files.count == 2)  // and nothing half-finished
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

  #if os(Linux) || os(macOS)
    // In a process of its own, since the number of threads is everybody's.
    @Test func `the result does not depend on the number of threads`() async {
      await #expect(processExitsWith: .success) {
        try withTemporaryFolder { folder in
          let (_, one) = run(["--threads", "1"], in: folder)
          let (_, two) = run(["--threads", "2"], in: folder)
          #expect(one.output.contains("threads: 1") && two.output.contains("threads: 2"))
          #expect(one.lines.dropFirst(2) == two.lines.dropFirst(2))
        }
      }
    }
  #endif

  @Test func `saved parameters give the same accuracy when they are loaded`() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/digits.safetensors"
      let (_, trained) = run(["--save", file], in: folder)
      let (status, loaded) = run(["--load", file, "--epochs", "0"], in: folder)
      #expect(status == .success)
      #expect(loaded.lines.last == trained.lines.last)
      let (mismatch, wrong) = run(["--load", file, "--hidden", "9"], in: folder)
      #expect(mismatch == .failure)
      #expect(wrong.complaints.split(separator: "\n").count == 1)
      #expect(wrong.complaints.contains("hidden.weight"))
    }
  }

  @Test func `a training that diverges says so`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(
        ["--optimizer", "sgd", "--learning-rate", "1e30"], in: folder)
      #expect(status == .failure)
      #expect(recorder.complaints.contains("--learning-rate"))
    }
  }
}

@Suite struct DigitsCheckpointTests {
  @Test func `a training goes on from its last good checkpoint to the same bits`() throws {
    try withTemporaryFolder { folder in
      let (whole, parts) = (folder + "/whole", folder + "/parts")
      let (_, expected) = run(["--save", whole], in: folder)
      // Each round spoils the last checkpoint of the round before.
      let saving = ["--checkpoints", parts, "--checkpoint-every", "5"]
      let (status, first) = run(saving, in: folder)
      #expect(status == .success && first.lines.last == expected.lines.last)
      for round in 0..<3 {
        let files = try FileManager.default.contentsOfDirectory(atPath: parts).sorted()
        // Cut short, it is passed over.
        let last = URL(fileURLWithPath: parts + "/" + files.last!)
        try Data(contentsOf: last).dropLast(1).write(to: last)
        let saved = folder + "/saved-\(round)"
        let (status, resumed) = run(saving + ["--resume", "--save", saved], in: folder)
        #expect(status == .success, "\(resumed.complaints)")
        #expect(resumed.output.contains("resumed from"))
        #expect(resumed.lines.last == expected.lines.last)
        #expect(
          try Data(contentsOf: URL(fileURLWithPath: saved))
            == Data(contentsOf: URL(fileURLWithPath: whole)))
      }
    }
  }

  @Test func `another training's checkpoints are not mixed up with this one's`() throws {
    try withTemporaryFolder { folder in
      let saving = ["--checkpoints", folder + "/run"]
      #expect(run(saving + ["--resume"], in: folder).0 == .success)  // nothing there: it begins
      let (again, said) = run(saving, in: folder)
      #expect(again == .usage && said.complaints.contains("--resume"))
      let (other, named) = run(saving + ["--resume", "--seed", "9"], in: folder)
      #expect(other == .usage && named.complaints.contains("--seed 7, not 9"))
      #expect(run(["--resume"], in: folder).0 == .usage)
      #expect(run(["--resume=yes"], in: folder).0 == .usage)
      let (bad, told) = run(["--checkpoints", "/proc/apus/run"], in: folder)
      #expect(bad == .failure && told.complaints.contains("/proc/apus"))
    }
  }
}
