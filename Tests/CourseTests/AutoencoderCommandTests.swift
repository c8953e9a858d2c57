import Core
import Foundation
import Testing

@testable import Course

private func run(_ arguments: [String], in folder: String) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let short = ["autoencoder", "--epochs", "1", "--batch", "128", "--filters", "2"]
  let status = CourseCommand.run(
    short + ["--output", folder] + arguments, console: recorder.console())
  return (status, recorder)
}

@Suite struct AutoencoderCommandTests {
  @Test func `both kinds are trained and drawn`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run([], in: folder)
      #expect(status == .success)
      #expect(
        recorder.output.contains("8×8 pixels to 2×2 places by 2 filters, 64 numbers to 8"))
      // 2 · 36 weights, 2 + 1 biases; untied twice the weights.
      #expect(recorder.output.contains("parameters: 75 tied, 147 untied"))
      #expect(recorder.lines.count { $0.contains("of the variance explained") } == 2)
      for name in ["autoencoder.svg", "autoencoder-learning-curve.svg"] {
        #expect(FileManager.default.fileExists(atPath: folder + "/" + name))
      }
      let picture = try String(contentsOfFile: folder + "/autoencoder.svg", encoding: .utf8)
      for text in ["original", "tied", "untied", "encoder and decoder", "decoder"] {
        #expect(picture.contains(">\(text)</text>"), "\(text)")
      }
    }
  }

  @Test func `the same command gives the same errors`() throws {
    try withTemporaryFolder { folder in
      let (_, first) = run(["--seed", "3"], in: folder)
      let (_, second) = run(["--seed", "3"], in: folder)
      let (_, other) = run(["--seed", "4"], in: folder)
      #expect(first.output == second.output && first.output != other.output)
    }
  }

  @Test func `before training both have the same encoder`() throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(["--epochs", "0"], in: folder)
      #expect(status == .success && !recorder.output.contains("learning curve"))
    }
  }

  @Test(arguments: [
    (["--kernel", "11"], "--kernel 11 is larger than the padded picture: 8 + 2 · 1"),
    (
      ["--kernel", "2", "--padding", "2"],
      "--padding 2 would leave kernels of 2 on zeros alone"
    ),
  ])
  func `kernels that do not fit are the command line's fault`(
    arguments: [String], message: String
  ) throws {
    try withTemporaryFolder { folder in
      let (status, recorder) = run(arguments, in: folder)
      #expect(status == .usage && recorder.complaints.contains(message))
    }
  }

  @Test func `neighbours of one colour are one rectangle`() {
    var canvas = SVGCanvas(width: 10, height: 10, title: "")
    let image = Tensor([[0.0, 0, 1], [1, 1, 1]])
    PixelBlock(pixel: 2).drawGray(image, at: .init(0, 0), on: &canvas)
    #expect(elements(of: canvas.text)["rect"] == 1 + 3)  // and the ground
  }
}
