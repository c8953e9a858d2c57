import Core
import Testing

@testable import Course

private func run(_ arguments: [String]) -> (CourseCommand.Status, Recorder) {
  let recorder = Recorder()
  let status = CourseCommand.run(
    ["perceptron-gradients"] + arguments, console: recorder.console())
  return (status, recorder)
}

private func makeRisk(penalty: Double = 0.1) -> (PerceptronFormulas.Weights, PerceptronRisk) {
  var generator = RandomGenerator(seed: 5)
  let weights = PerceptronFormulas.Weights(inputs: 3, hidden: 4, classes: 3, using: &generator)
  let examples = [0, 2, 1].map { label in
    (
      input: Tensor.randomNormal([3], dtype: .float64, using: &generator),
      target: Tensor(Int64(label)).oneHot(3, dtype: .float64)
    )
  }
  return (weights, PerceptronRisk(examples: examples, penalty: penalty))
}

@Suite struct PerceptronGradientsCommandTests {
  @Test func `every gradient is shown in three ways and the differences are tiny`() throws {
    let (status, recorder) = run([])
    #expect(status == .success && recorder.complaints.isEmpty)
    #expect(recorder.output.contains("(i) 31 parameters"))
    let summary = recorder.lines.drop { !$0.hasPrefix("greatest difference") }
    let rows = summary.dropFirst(2).prefix { !$0.hasPrefix("(g)") }
      .map { $0.split(separator: " ") }
    #expect(
      rows.map { $0[1] } == [
        "∂MSE/∂oᵃ", "∂CE/∂oᵃ", "∂L/∂oᵃ", "∂L/∂W⁽²⁾", "∂L/∂b⁽²⁾", "∂L/∂hˢ", "∂L/∂hᵃ", "∂L/∂W⁽¹⁾",
        "∂L/∂b⁽¹⁾", "∂L/∂x", "∂R̂/∂θ",
      ])
    #expect(
      rows.map { $0[2] } == [
        "[3]", "[3]", "[3]", "[3×4]", "[3]", "[4]", "[4]", "[4×3]", "[4]", "[3]", "[31]",
      ])
    for row in rows {
      let (automatic, numeric) = (try #require(Double(row[3])), try #require(Double(row[4])))
      #expect(automatic < 1e-13 && numeric < 1e-10)
      #expect(recorder.lines.contains { $0.contains("\(row[1]) = ") })
    }
  }

  @Test func `sizes, elements and the seed are obeyed`() {
    let (status, small) = run([
      "--inputs", "2", "--hidden", "1", "--classes", "5", "--samples", "1", "--elements", "2",
    ])
    #expect(status == .success)
    #expect(small.output.contains("perceptron 2-1-5"))
    #expect(small.output.contains("= 1·2 + 1 + 5·1 + 5") && small.output.contains("[1×2]"))
    #expect(small.output.contains("… and 3 more"))
    let (_, none) = run(["--elements", "0"])
    #expect(!none.output.contains("by formula") && none.output.contains("greatest difference"))
    let (_, all) = run(["--elements", "1000"])
    #expect(!all.output.contains("… and") && all.output.contains("     4,3"))
    #expect(run([]).1.output == run([]).1.output)
    #expect(run([]).1.output != run(["--seed", "8"]).1.output)
  }

  @Test(arguments: [["--inputs", "0"], ["--classes", "1"], ["--penalty", "0"], ["--size", "3"]])
  func `wrong options are the command line's fault`(arguments: [String]) {
    let (status, recorder) = run(arguments)
    #expect(status == .usage && recorder.output.isEmpty)
    #expect(recorder.complaints.split(separator: "\n").count == 1)
  }

  @Test func `a wrong formula is found out`() {
    let (weights, risk) = makeRisk()
    let right = risk.gradient(weights)
    func compare(_ formula: Tensor) -> GradientComparison {
      GradientComparison("(k)", "∂R̂/∂θ", "", formula, at: weights.flattened) {
        risk(weights.replaced(by: $0))
      }
    }
    #expect(compare(right).automaticDifference < 1e-14)
    // The penalty's 2 forgotten, and a wrong shape.
    let wrong = compare(right - 0.1 * weights.flattened)
    #expect(wrong.automaticDifference > 0.01 && wrong.numericDifference > 0.01)
    #expect(compare(right.reshaped([1, 31])).automaticDifference == .infinity)
  }

  @Test func `the parameters in one vector come apart again`() {
    let (weights, _) = makeRisk()
    let again = weights.replaced(by: weights.flattened)
    #expect(again.hidden == weights.hidden && again.hiddenBias == weights.hiddenBias)
    #expect(again.output == weights.output && again.outputBias == weights.outputBias)
  }

  @Test func `finite differences know the derivatives of simple functions`() {
    let x = Tensor([[0.5, -1, 2], [0, 3, 1]], dtype: .float64)
    let found = finiteDifferences(at: x) { (sin($0) + pow($0, 4)).sum() }
    #expect(abs(found - cos(x) - 4 * x * x * x).maximum().item() < 1e-9)
    #expect(finiteDifferences(at: Tensor(2, dtype: .float64)) { 3 * $0 }.shape == [])
  }
}
