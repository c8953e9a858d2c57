import Core

/// `course perceptron-gradients`: the gradients of a perceptron in three ways.
struct PerceptronGradientsCommand: Subcommand {
  static let name = "perceptron-gradients"
  static let summary =
    "The gradients of a perceptron: by formula, automatic, by differences (document 001, exercise 2)."
  static let discussion = """
    A small perceptron with softplus hidden units and a softmax output, with random weights, at a \
    random example. Each gradient of exercise 2 is computed by its formula, by automatic \
    differentiation and by finite differences, all in float64, and the three are shown side by \
    side. The command fails when they disagree.

    The gradient of the risk, last, is over all examples and all parameters, with the penalty \
    λ ‖θ‖² of question (k). A table at the end shows what (e) and (f) say about saturation.
    """
  static let examples = ["--inputs 2 --hidden 3 --classes 2", "--elements 1000", "--seed 11"]

  @Option("COUNT", "Inputs, d.", .integer(1...1000))
  var inputs = 3
  @Option("COUNT", "Hidden units, d_h.", .integer(1...1000))
  var hidden = 4
  @Option("COUNT", "Classes, m.", .integer(2...1000))
  var classes = 3
  @Option("COUNT", "Examples that the risk is the mean over, n.", .integer(1...1000))
  var samples = 5
  @Option("NUMBER", "The weight λ of the penalty λ ‖θ‖².", .number(above: 0))
  var penalty = 0.1
  @Option("COUNT", "How many elements of each gradient to show.", .integer(0...1_000_000))
  var elements = 6
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7

  func run(console: Console) throws {
    var generator = RandomGenerator(seed: seed)
    let weights = PerceptronFormulas.Weights(
      inputs: inputs, hidden: hidden, classes: classes, using: &generator)
    let risk = PerceptronRisk(
      examples: (0..<samples).map { _ in makeExample(using: &generator) }, penalty: penalty)
    let comparisons = GradientComparison.all(of: weights, risk: risk)

    describe(weights, risk, console)
    for comparison in comparisons { show(comparison, console) }
    summarize(comparisons, console)
    showSaturation(console)
    for comparison in comparisons { try check(comparison) }
  }

  private func makeExample(
    using generator: inout RandomGenerator
  ) -> (input: Tensor, target: Tensor) {
    let input = Tensor.randomNormal([inputs], dtype: .float64, using: &generator)
    let label = Tensor.randomIntegers([], in: 0..<classes, using: &generator)
    return (input, label.oneHot(classes, dtype: .float64))
  }

  private func describe(
    _ weights: PerceptronFormulas.Weights, _ risk: PerceptronRisk, _ console: Console
  ) {
    let (input, target) = risk.examples[0]
    let loss = PerceptronFormulas(weights, at: input, target: target).loss.item()
    console.write(
      """
      perceptron \(inputs)-\(hidden)-\(classes), softplus and softmax, float64, seed \(seed)
      (i) \(grouped(weights.flattened.count)) parameters \
      = d_h d + d_h + m d_h + m = \(hidden)·\(inputs) + \(hidden) + \(classes)·\(hidden) + \(classes)
      one example of class y = \(target.argmax() + 1): L = \(fixed(loss, 9))

      """)
  }

  private func show(_ comparison: GradientComparison, _ console: Console) {
    let count = comparison.byFormula.count
    let shown = min(elements, count)
    guard shown > 0 else { return }
    let lead = comparison.question == "–" ? "" : comparison.question + " "
    console.write(
      "\n\(lead)\(comparison.name) = \(comparison.formula)   \(comparison.shape)\n")
    let columns = [comparison.byFormula, comparison.automatic, comparison.numeric].map {
      $0.scalars(as: Double.self)
    }
    console.write(row("", ["by formula", "automatic", "differences"]))
    for index in 0..<shown {
      console.write(row(comparison.place(of: index), columns.map { fixed($0[index], 12) }))
    }
    if shown < count { console.write("  … and \(grouped(count - shown)) more\n") }
  }

  private func row(_ label: String, _ cells: [String]) -> String {
    "  " + label.padded(to: 7) + cells.map { $0.padded(to: 18) }.joined() + "\n"
  }

  private func summarize(_ comparisons: [GradientComparison], _ console: Console) {
    func line(_ cells: [String]) -> String {
      let (head, tail) = (cells[0].filled(to: 5), cells[1].filled(to: 11))
      return "  " + head + tail + cells[2].filled(to: 10) + cells[3].padded(to: 12)
        + cells[4].padded(to: 14) + "\n"
    }
    console.write("\ngreatest difference from the formula\n")
    console.write(line(["", "gradient", "shape", "automatic", "differences"]))
    for comparison in comparisons {
      console.write(
        line([
          comparison.question, comparison.name, comparison.shape,
          scientific(comparison.automaticDifference), scientific(comparison.numericDifference),
        ]))
    }
  }

  /// Questions (e) to (g), for one logistic output o with target 1.
  private func showSaturation(_ console: Console) {
    let logits = Tensor([-1, -2, -5, -10, -20], dtype: .float64)
    let squared = gradient(at: logits) { square(sigmoid($0) - 1).sum() }.scalars(as: Double.self)
    let entropy = gradient(at: logits) { softplus(-$0).sum() }.scalars(as: Double.self)
    console.write(
      """

      (g) a logistic output σ(o) that should be 1, ever more wrong: the squared error stops learning
      """ + "\n")
    console.write(row("o", ["σ(o)", "∂(σ − 1)²/∂o", "∂CE/∂o = σ − 1"]))
    for (index, o) in logits.scalars(as: Double.self).enumerated() {
      let cells = [
        scientific(sigmoid(logits)[index].item()), scientific(squared[index]),
        fixed(entropy[index], 9),
      ]
      console.write(row("\(Int(o))", cells))
    }
  }

  private func check(_ comparison: GradientComparison) throws {
    // Rounding grows with the sums; differences leave 10⁻¹¹ for functions of size 1.
    let size = max(1, abs(comparison.byFormula).maximum().item())
    guard
      comparison.automaticDifference <= 1e-12 * size, comparison.numericDifference <= 1e-8 * size
    else {
      throw DisagreementError(name: comparison.name)
    }
  }
}

/// Two ways to compute one gradient that give two results.
struct DisagreementError: Error, CustomStringConvertible {
  let name: String

  var description: String { "\(name): the formula and the other ways disagree" }
}
