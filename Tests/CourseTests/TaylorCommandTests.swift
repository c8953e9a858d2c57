import Core
import Datasets
import Foundation
import Testing

@testable import Course

@Suite struct TaylorCommandTests {
  @Test func `a run shows both looks, the race, and draws them`() throws {
    try withTemporaryFolder { folder in
      let recorder = Recorder()
      let status = CourseCommand.run(
        [
          "taylor", "--epochs", "1", "--hidden", "2", "--examples", "60", "--steps", "40",
          "--decay", "0.01", "--output", folder,
        ], console: recorder.console())
      #expect(status == .success && recorder.complaints.isEmpty)
      #expect(recorder.lines.contains("Before training"))
      #expect(recorder.lines.contains("After 1 epoch"))
      // At ε = 0 and 2ε* the model is at the loss; the table starts with the former.
      let first = try #require(recorder.lines.first { $0.contains("0.0000     0.00") })
      let numbers = first.split(separator: " ").compactMap { Double($0) }
      #expect(numbers.count == 4 && numbers[2] == numbers[3])
      let newton = try #require(recorder.lines.first { $0.hasPrefix("Newton ") })
      let descent = try #require(recorder.lines.first { $0.hasPrefix("gradient descent ") })
      #expect(Int(newton.split(separator: " ")[1])! < 12)
      #expect(Int(descent.split(separator: " ")[2])! == 40)
      let picture = try String(contentsOfFile: folder + "/taylor.svg", encoding: .utf8)
      #expect(elements(of: picture)["polyline"]! >= 9 && picture.contains("2ε*"))
    }
  }

  @Test func `the race knows its minimum, and Newton beats descent to it`() throws {
    let digits = try Digits(seed: 7)
    let dataset = digits.training[0..<80].mappingInputs { $0.cast(to: .float64) }
    let race = LogisticRace(on: dataset, decay: 0.01, steps: 30)
    #expect(race.runs.allSatisfy { $0.gaps.allSatisfy { $0 > -1e-12 } })
    let newton = try #require(race.runs.last)
    #expect(newton.gaps.last! < 1e-12 && newton.gradientNorm < 1e-9)
    #expect(race.runs[0].gaps.last! > newton.gaps[3])
    // With the step 1/λ descent goes down all the time.
    for (last, next) in zip(race.runs[0].gaps, race.runs[0].gaps.dropFirst()) {
      #expect(next <= last)
    }
  }

  @Test(arguments: [["--examples", "3"], ["--decay", "0"], ["--epochs", "0"]])
  func `wrong options are the command line's fault`(arguments: [String]) throws {
    let recorder = Recorder()
    #expect(CourseCommand.run(["taylor"] + arguments, console: recorder.console()) == .usage)
    #expect(recorder.output.isEmpty)
  }
}
