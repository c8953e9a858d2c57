import Core
import Datasets
import Foundation
import Testing

@testable import Course

/// Writes a folder of IDX files whose pictures of 2×2 pixels tell their class by the brightest one.
private func writePictures(_ folder: String, classes: Int = 4) throws {
  for (part, count) in [("train", 40), ("t10k", 12)] {
    let labels = (0..<count).map { Int32($0 % classes) }
    let pixels = labels.flatMap { label in (0..<4).map { Int32(Int32($0) == label ? 255 : 10) } }
    try IDXFile.write(
      Tensor(scalars: pixels, shape: [count, 2, 2]), to: folder + "/\(part)-images-idx3-ubyte.gz",
      as: .uint8)
    try IDXFile.write(
      Tensor(scalars: labels, shape: [count]), to: folder + "/\(part)-labels-idx1-ubyte", as: .uint8
    )
  }
}

private func run(_ data: String, in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let arguments = [
    "digits", "--data", data, "--hidden", "8", "--epochs", "15", "--batch", "8",
    "--learning-rate", "0.05", "--output", folder,
  ]
  return (CourseCommand.run(arguments, console: recorder.console()), recorder)
}

@Suite struct DigitsDataTests {
  @Test func `the pictures of a folder are learnt`() throws {
    try withTemporaryFolder { folder in
      try writePictures(folder)
      let (status, recorder) = run(folder, in: folder + "/pictures")
      #expect(status == .success)
      #expect(recorder.lines.first == "pictures: 40 to learn, 12 to test, from \(folder)")
      #expect(recorder.lines[1].hasPrefix("perceptron 4-8-4: 76 parameters"))
      #expect(recorder.lines.last == "test accuracy 1.0000")
    }
  }

  @Test func `a folder without the files, and a damaged file, are told in one line`() throws {
    try withTemporaryFolder { folder in
      let (missing, first) = run(folder, in: folder + "/pictures")
      #expect(missing == .failure)
      #expect(first.complaints.split(separator: "\n").count == 1)
      #expect(first.complaints.contains("\(folder)/train-images-idx3-ubyte: expected a file"))

      try writePictures(folder)
      let path = folder + "/train-images-idx3-ubyte.gz"
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try bytes.dropLast(5).write(to: URL(fileURLWithPath: path))
      let (damaged, second) = run(folder, in: folder + "/pictures")
      #expect(damaged == .failure)
      #expect(second.complaints.split(separator: "\n").count == 1)
      #expect(second.complaints.hasPrefix("course: \(path), byte "))

      let fashion = folder + "/fashion-mnist"
      #expect(run(fashion, in: folder).1.complaints.contains("dataset-fashion-mnist installs"))
    }
  }
}
