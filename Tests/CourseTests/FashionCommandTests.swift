import Core
import Datasets
import Foundation
import Testing

@testable import Course

/// Four small IDX files: pictures of one bright row, which its label numbers.
private func writePictures(to folder: String, side: Int = 28, count: Int = 40) throws {
  for (name, count) in [("train", count), ("t10k", count / 2)] {
    var pixels: [UInt8] = []
    let labels = (0..<count).map { UInt8($0 % 10) }
    for label in labels {
      for row in 0..<side {
        pixels += [UInt8](repeating: row / 2 == Int(label) + 1 ? 250 : 5, count: side)
      }
    }
    func header(_ sizes: [Int]) -> [UInt8] {
      [0, 0, 8, UInt8(sizes.count)]
        + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
    }
    let images = Data(header([count, side, side]) + pixels)
    try images.write(to: URL(fileURLWithPath: folder + "/\(name)-images-idx3-ubyte"))
    try Data(header([count]) + labels).write(
      to: URL(fileURLWithPath: folder + "/\(name)-labels-idx1-ubyte"))
  }
}

private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let status = CourseCommand.run(
    ["fashion", "--data", folder, "--output", folder + "/out", "--batch", "10"] + arguments,
    console: recorder.console())
  return (status, recorder)
}

@Suite struct FashionCommandTests {
  @Test func `a run learns, reports its epochs and leaves its pictures`() throws {
    try withTemporaryFolder { folder in
      try writePictures(to: folder)
      let (status, recorder) = run(["--epochs", "8", "--save", folder + "/f.st"], in: folder)
      #expect(status == .success, "\(recorder.complaints)")
      #expect(recorder.lines.count { $0.hasPrefix("epoch ") } == 8)
      #expect(recorder.lines.last == "test accuracy 1.0000")
      #expect(recorder.output.contains("421,642 parameters"))
      for name in ["fashion-learning-curve.svg", "fashion-confusion-matrix.svg"] {
        #expect(FileManager.default.fileExists(atPath: folder + "/out/" + name))
      }
      let (_, again) = run(["--epochs", "0", "--load", folder + "/f.st"], in: folder)
      #expect(again.lines.last == "test accuracy 1.0000")
    }
  }

  @Test func `without the pictures it says what to install`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run([], in: folder + "/nowhere")
      #expect(status == .failure)
      #expect(recorder.complaints.contains("dataset-fashion-mnist"))
    }
  }

  @Test func `pictures of another size are refused`() throws {
    try withTemporaryFolder { folder in
      try writePictures(to: folder, side: 24)
      let (status, recorder) = run([], in: folder)
      #expect(status == .failure)
      #expect(recorder.complaints.contains("28×28") && recorder.complaints.contains("24×24"))
    }
  }

  @Test func `the confusion matrix has a cell for each pair and turned names`() {
    let picture = ConfusionPicture(
      title: "t", subtitle: "s", names: ["shirt", "coat"], counts: [[3, 1], [0, 0]]
    ).svg()
    #expect(elements(of: picture)["rect"] == 1 + 4)
    #expect(picture.contains(">75</text>") && picture.contains(">25</text>"))
    #expect(picture.contains("shirt taken for coat: 1 of 4"))
  }
}
