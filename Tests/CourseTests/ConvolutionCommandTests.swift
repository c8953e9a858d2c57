import Conv
import Foundation
import Testing

@testable import Course

@Suite struct ConvolutionCommandTests {
  @Test func `both worked cases are printed, symbol by symbol`() throws {
    try withTemporaryFolder { folder in
      let recorder = Recorder()
      let status = CourseCommand.run(
        ["convolution", "--output", folder], console: recorder.console())
      #expect(status == .success)
      for line in [
        "  z₁ = w₁·x₁ + w₂·x₂ + w₃·x₄ + w₄·x₅", "  0  0  0  0  w₁ w₂ 0  w₃ w₄",
        "  y₅  = w₄·z₁ + w₃·z₂ + w₂·z₃ + w₁·z₄", "  Z′ = 0  0  0  0     W′ = w₄ w₃",
        "  z₄ = w₁·x₁₁ + w₂·x₁₂ + w₃·x₁₅ + w₄·x₁₆", "       0  z₃ 0  z₄ 0",
      ] {
        #expect(recorder.lines.contains(line), "\(line)")
      }
      let agreement = "matrix, sparse product, kernel and convolution of Z′: largest difference 0"
      #expect(recorder.lines.count { $0 == agreement } == 2)
      #expect(recorder.output.contains("65,536 outputs, 3 · 3 · 32 · 64 = 18,432 weights"))
      #expect(recorder.lines.contains("  valid   2.5  3.25  3.25  2.5"))
      #expect(FileManager.default.fileExists(atPath: folder + "/convolution-filter.svg"))
    }
  }

  @Test func `the gain of a filter is 1 at rest and 0 where whole waves fit it`() {
    let filter = SignalFilter.course
    #expect(abs(filter.gain(at: 0) - 1) < 1e-12)
    #expect(filter.gain(at: 0.25) < 1e-12 && filter.gain(at: 0.5) < 1e-12)
    // Halving a wave of one eighth per place: |1 + i| · |1 + √½ (1 + i)| / 4 by hand.
    let eighth = (2 + 2.squareRoot()).squareRoot() * 2.squareRoot() / 4
    #expect(abs(filter.gain(at: 0.125) - eighth) < 1e-12)
  }

  @Test func `each result lies over the middle of the places it averages`() {
    // A signal that rises by 1 from place to place: the mean of four is the value at their middle.
    let ramp = SignalFilter(signal: (0..<9).map(Double.init), taps: [0.25, 0.25, 0.25, 0.25])
    for (padding, range) in [(Padding.valid, 0..<6), (.same, 1..<7), (.full, 3..<9)] {
      let values = ramp.result(padding)
      for index in range { #expect(values[index] == ramp.firstCenter(padding) + Double(index)) }
    }
  }
}
