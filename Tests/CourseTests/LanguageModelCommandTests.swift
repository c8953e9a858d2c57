import Core
import Foundation
import Testing

@testable import Course

/// A run that is short in debug builds too.
private func run(_ arguments: [String], in folder: String) throws -> (
  CourseCommand.Status, Recorder
) {
  let text = folder + "/text.txt"
  let lines = (0..<40).map {
    "The \($0 % 3 == 0 ? "big" : "small") dog of Ham saw \($0 % 5) sheep."
  }
  try lines.joined(separator: "\n").write(toFile: text, atomically: true, encoding: .utf8)
  let recorder = Recorder()
  let short = [
    "language-model", "--corpus", text, "--hidden", "8", "--epochs", "2", "--batch", "2",
    "--window", "9", "--minimum-count", "1", "--prompt", "The big", "--length", "12", "--output",
    folder,
  ]
  return (CourseCommand.run(short + arguments, console: recorder.console()), recorder)
}

@Suite struct LanguageModelCommandTests {
  @Test(arguments: [
    ["--cell", "elman"], ["--cell", "gru", "--layers", "2", "--dropout", "0"],
    ["--level", "character", "--optimizer", "sgd", "--learning-rate", "1"], ["--tied"],
    ["--optimizer", "momentum", "--embedding", "5"],
    ["--optimizer", "adamw", "--vocabulary", "6", "--prompt", "dog of ham"],
    ["--beam", "3", "--top-k", "2", "--temperature", "0.5"],
  ])
  func `a run reports its epochs, writes, lists neighbours and ends with the perplexity`(
    options: [String]
  ) throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = try run(options, in: folder)
      #expect(status == .success, "\(recorder.complaints)")
      #expect(recorder.lines.count { $0.hasPrefix("epoch ") } == 2)
      #expect(recorder.output.contains("sample at temperature"))
      #expect(recorder.output.contains("likeliest line") == options.contains("--beam"))
      #expect(recorder.output.contains("nearest vectors"))
      #expect(recorder.lines.last?.hasPrefix("held-out perplexity ") == true)
      let picture = folder + "/language-model-learning-curve.svg"
      #expect(FileManager.default.fileExists(atPath: picture))
      #expect(!recorder.output.contains("<unknown>"))
    }
  }

  @Test func `it learns what is regular`() throws {
    try withTemporaryFolder { folder in
      let (_, recorder) = try run(["--epochs", "30", "--dropout", "0", "--decay", "1"], in: folder)
      let last = recorder.lines.last?.firstMatch(of: /perplexity (\d+\.\d+)/)?.output.1
      // Two choices in nine places: far below the dozen of words.
      #expect((last.flatMap { Double($0) } ?? .infinity) < 2)
    }
  }

  @Test func `a training goes on from its last checkpoint to the same bits`() throws {
    try withTemporaryFolder { folder in
      let (_, expected) = try run(["--epochs", "3", "--save", folder + "/whole"], in: folder)
      let saving = ["--checkpoints", folder + "/run", "--checkpoint-every", "4"]
      #expect(try run(saving, in: folder).0 == .success)
      // The last one lies behind the second epoch, the last but one in the middle of it.
      let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/run").sorted()
      try FileManager.default.removeItem(atPath: folder + "/run/" + files.last!)
      let (status, resumed) = try run(
        saving + ["--resume", "--epochs", "3", "--save", folder + "/parts"], in: folder)
      #expect(status == .success, "\(resumed.complaints)")
      #expect(resumed.output.contains("resumed from"))
      #expect(resumed.lines.last == expected.lines.last)
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder + "/parts"))
          == Data(contentsOf: URL(fileURLWithPath: folder + "/whole")))
      let (other, said) = try run(saving + ["--resume", "--cell", "gru"], in: folder)
      #expect(other == .usage && said.complaints.contains("--cell lstm, not gru"))
    }
  }

  @Test func `saved parameters come with their vocabulary`() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/model.safetensors"
      let (_, trained) = try run(["--save", file], in: folder)
      let (status, loaded) = try run(["--load", file, "--epochs", "0"], in: folder)
      #expect(status == .success, "\(loaded.complaints)")
      #expect(loaded.lines.last == trained.lines.last)
      let (wrong, said) = try run(["--load", file, "--level", "character"], in: folder)
      #expect(wrong == .usage && said.complaints.contains("--level character"))
    }
  }

  @Test func `what does not fit is said before the training`() throws {
    try withTemporaryFolder { folder in
      for (options, word) in [
        (["--tied", "--embedding", "5"], "--tied"), (["--batch", "100000"], "--batch"),
        (["--resume"], "--checkpoints"), (["--dropout", "1"], "--dropout"),
      ] {
        let (status, recorder) = try run(options, in: folder)
        #expect(status == .usage && recorder.complaints.contains(word))
      }
      let (status, recorder) = try run(["--corpus", folder + "/none.txt"], in: folder)
      #expect(status == .failure && recorder.complaints.contains("none.txt"))
    }
  }
}
