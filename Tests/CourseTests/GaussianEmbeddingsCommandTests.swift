import Embeddings
import Foundation
import Testing

@testable import Course

@Suite struct GaussianEmbeddingsCommandTests {
  private func run(_ options: [String], folder: String) -> (Recorder, CourseCommand.Status) {
    let recorder = Recorder()
    let arguments =
      ["gaussian-embeddings", "--output", folder, "--epochs", "1", "--minimum-count", "40"]
      + options
    return (recorder, CourseCommand.run(arguments, console: recorder.console()))
  }

  @Test(arguments: GaussianSimilarityName.allCases, GaussianCovariance.allCases)
  func `every similarity trains every covariance and leaves its files`(
    similarity: GaussianSimilarityName, covariance: GaussianCovariance
  ) throws {
    try withTemporaryFolder { folder in
      let (recorder, status) = run(
        [
          "--similarity", similarity.rawValue, "--covariance", covariance.rawValue,
          "--dimensions", "2", "--window", "2", "--words", "god,nosuchword",
        ], folder: folder)
      #expect(status == .success, "\(recorder.complaints)")
      #expect(recorder.output.contains("epoch 1/1   loss "))
      #expect(recorder.output.contains("nosuchword   (not in the vocabulary)"))
      #expect(recorder.output.contains("most specific, by log |Σ|"))
      for name in ["gaussian-embeddings.safetensors", "gaussian-means.txt", "gaussian-words.svg"] {
        #expect(FileManager.default.fileExists(atPath: folder + "/" + name))
      }
      let picture = try String(contentsOfFile: folder + "/gaussian-words.svg", encoding: .utf8)
      #expect(picture.contains("<polyline") && !picture.contains("nan"))
    }
  }

  @Test func `the same command gives the same result, and another seed another`() throws {
    func result(_ seed: String) throws -> String {
      try withTemporaryFolder { folder in
        _ = run(["--dimensions", "3", "--seed", seed, "--contexts", "separate"], folder: folder)
        return try String(contentsOfFile: folder + "/gaussian-means.txt", encoding: .utf8)
      }
    }
    #expect(try result("1") == result("1"))
    #expect(try result("1") != result("2"))
  }

  @Test func `what cannot be learnt from is told in one line`() throws {
    try withTemporaryFolder { folder in
      let empty = folder + "/empty.txt"
      try Data().write(to: URL(fileURLWithPath: empty))
      let (recorder, status) = run(["--corpus", empty], folder: folder)
      #expect(status == .failure)
      #expect(recorder.complaints.contains("empty.txt: expected two different words"))
      let bounds = ["--least-variance", "2", "--greatest-variance", "1"]
      let (other, otherStatus) = run(bounds, folder: folder)
      #expect(otherStatus == .usage && other.complaints.contains("--least-variance 2.0 is above"))
    }
  }
}
