import Core
import Foundation

/// `course dropout`: dropout on the inputs of a linear regression is ridge regression.
struct DropoutCommand: Subcommand {
  static let name = "dropout"
  static let summary =
    "The expected loss under dropout, over all masks, is that of ridge regression (document 004, 3.3)."
  static let discussion = """
    A linear regression on a few pixels of a few digits has few enough masks R to try them all. \
    With each element kept with probability p, the expected loss is

    E ‖y − (X ⊙ R) w‖² = ‖y − p X w‖² + p (1 − p) ‖Γ w‖², Γ = diag(XᵀX)^½,

    and with kept elements divided by p, as the layer Dropout does it, ‖y − X w‖² + (1 − p)/p \
    ‖Γ w‖². For each p the sum over all masks is compared with the formula and with masks that the \
    layer draws; so are the weights of least loss. A picture is left in the output folder.
    """
  static let examples = ["--examples 3 --features 2", "--samples 100000"]

  @Option("COUNT", "Digits in the regression.", .integer(1...16))
  var examples = 4
  @Option(
    "COUNT", "Pixels of each; there are 2 to the digits times pixels masks.", .integer(1...16))
  var features = 3
  @Option("COUNT", "Masks to draw for each p.", .integer(2...1_000_000))
  var samples = 10_000
  @Option("NUMBER", "Fixes the digits and the masks.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    guard examples * features <= 16 else {
      throw OptionError(
        "--examples \(examples) and --features \(features): expected a product of at most 16, "
          + "found \(examples * features)")
    }
    try OutputFile.makeFolder(output)
    let problem = try DropoutProblem(examples: examples, features: features, seed: seed)
    let probabilities = (1...9).map { Double($0) / 10 }
    console.write(
      "\(examples) digits by \(features) pixels: \(grouped(1 << problem.count)) masks, "
        + "\(grouped(samples)) drawn for each p, seed \(seed)\n")
    let comparisons = withRandom(seed: seed) {
      [false, true].map { isInverted in
        DropoutComparison(
          problem, isInverted: isInverted, keeping: probabilities, samples: samples)
      }
    }
    for comparison in comparisons { console.write(comparison.text) }
    let worst = comparisons.map(\.worst).max() ?? 0
    console.write(
      "all masks and the formula differ by \(scientific(worst)) at most, relatively; "
        + "drawn masks by \(fixed(comparisons.map(\.worstScore).max() ?? 0, 1)) standard errors\n")
    let path = OutputFile.path(output, "dropout.svg")
    try OutputFile.write(draw(comparisons), to: path)
    console.write("expected losses: \(path)\n")
  }

  private func draw(_ comparisons: [DropoutComparison]) -> String {
    // Inverted, the best w is p times the other form's.
    let lengths = comparisons.flatMap { comparison in
      [
        LineChart.Series(
          name: "best w, " + (comparison.isInverted ? "inverted" : "unscaled"),
          x: comparison.fine, y: comparison.bestLengths),
        allMasks(comparison, comparison.enumeratedBestLengths),
      ]
    }
    return LineChart(
      title: "Dropout is ridge regression",
      subtitle: "\(examples) digits by \(features) pixels, \(grouped(1 << (examples * features))) "
        + "masks, seed \(seed)",
      xTitle: "p, the probability of keeping",
      panels: comparisons.map { comparison in
        LineChart.Panel(
          title: comparison.title,
          series: [
            DropoutComparison.points(
              named: "\(DropoutComparison.few) drawn masks", comparison.cloud.x,
              comparison.cloud.y, "#fbbf24"),
            .init(name: "ridge", x: comparison.fine, y: comparison.ridgeCurve),
            allMasks(comparison, comparison.enumerated),
          ], isLogarithmic: comparison.isInverted)
      } + [LineChart.Panel(title: "‖w‖ of the best w", series: lengths, isLogarithmic: true)],
      isWholeX: false
    ).svg()
  }

  private func allMasks(_ comparison: DropoutComparison, _ values: [Double]) -> LineChart.Series {
    DropoutComparison.points(
      named: "all masks", comparison.probabilities, values, Palette.text)
  }
}
