import Core
import Datasets
import Optim

/// `course minimum-norm`: what gradient descent finds where many solutions fit.
struct MinimumNormCommand: Subcommand {
  static let name = "minimum-norm"
  static let summary =
    "Gradient descent from zero finds the shortest of all solutions (document 004, question 3.4)."
  static let discussion = """
    A linear function of 64 pixels is to be −1 on some digits of one class and 1 on some of another: \
    fewer equations X w = y than unknowns, so that many w fit exactly. The shortest of them is found \
    in three ways, by the pseudo-inverse, by the conditions of Karush, Kuhn and Tucker solved as one \
    system, and by gradient descent on ‖y − X w‖² from 0, and the three are compared. Descent from a \
    random start fits as well and ends at the solution nearest to the start, which is longer.

    The part of w orthogonal to the rows of X never moves; on digits not seen it is noise, as the \
    table of accuracies shows. A picture of errors and lengths is left in the output folder.
    """
  static let examples = ["--examples 10", "--first 4 --second 9 --steps 400000"]

  @Option("COUNT", "Digits to fit, half of each class: the equations.", .integer(2...60))
  var examples = 24
  @Option("DIGIT", "The class that is to give −1.", .integer(0...9))
  var first = 3
  @Option("DIGIT", "The class that is to give 1.", .integer(0...9))
  var second = 8
  @Option("COUNT", "Steps of gradient descent.", .integer(1...10_000_000))
  var steps = 100_000
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    guard first != second else {
      throw OptionError("--first and --second are both \(first); two classes are needed")
    }
    try OutputFile.makeFolder(output)
    let digits = try Digits(seed: seed)
    let problem = problem(in: digits.training)
    describe(problem, console)

    let shortest = problem.pseudoInverseSolution()
    let (conditions, multipliers) = try problem.kktSolution()
    var generator = RandomGenerator(seed: seed)
    let start = Tensor.randomNormal(shortest.shape, dtype: .float64, using: &generator)
    let fromZero = DescentRecord(problem, from: .zeros(like: start), steps: steps)
    let fromStart = DescentRecord(problem, from: start, steps: steps)

    let slope = 2 * conditions + matmul(multipliers, problem.inputs)
    console.write(
      """
      the conditions, solved as one system
        ‖2w + Xᵀλ‖                                  \(scientific(slope.norm().item()))
        ‖X w − y‖                                   \(scientific(residual(problem, conditions)))
      descent from 0 after \(grouped(steps)) steps
        ‖w − X⁺y‖                                   \(scientific(fromZero.errors.last!))
        ‖w − w of the conditions‖                   \
      \(scientific((fromZero.weights - conditions).norm().item()))
        greatest part of w outside the rows' span   \(scientific(fromZero.greatestStray))
      descent from a random w₀
        ‖w − (w₀ + X⁺(y − X w₀))‖                   \(scientific(fromStart.errors.last!))

      """)
    report(
      [
        ("pseudo-inverse", shortest), ("conditions", conditions),
        ("descent from 0", fromZero.weights), ("descent from w₀", fromStart.weights),
      ], problem, pair(in: digits.test), console)
    let path = OutputFile.path(output, "minimum-norm.svg")
    let picture = DescentRecord.chart(
      fromZero, fromStart, shortest: shortest.norm().item(), subtitle: subtitle(problem))
    try OutputFile.write(picture, to: path)
    console.write("picture: \(path)\n")
  }

  // MARK: Data

  /// The digits of both classes, with −1 and 1 as labels.
  private func pair(in dataset: Dataset) -> Dataset {
    let labels = dataset.labels.scalars(as: Int.self)
    let both = dataset.selecting(labels.indices.filter { [first, second].contains(labels[$0]) })
    let signs = both.labels.scalars(as: Int.self).map { $0 == first ? -1.0 : 1 }
    return Dataset(inputs: both.inputs.cast(to: .float64), labels: Tensor(signs, dtype: .float64))
  }

  private func problem(in dataset: Dataset) -> MinimumNorm {
    let pair = pair(in: dataset)
    let signs = pair.labels.scalars(as: Double.self)
    let half = examples / 2
    let chosen =
      signs.indices.filter { signs[$0] < 0 }.prefix(half)
      + signs.indices.filter { signs[$0] > 0 }.prefix(examples - half)
    let few = pair.selecting(Array(chosen))
    return MinimumNorm(inputs: few.inputs, targets: few.labels)
  }

  // MARK: Reports

  private func residual(_ problem: MinimumNorm, _ weights: Tensor) -> Double {
    problem.loss(weights).item().squareRoot()
  }

  private func subtitle(_ problem: MinimumNorm) -> String {
    "\(problem.inputs.shape[0]) equations, \(problem.inputs.shape[1]) unknowns: "
      + "digits \(first) and \(second), η = \(fixed(problem.bestStep, 5)), seed \(seed)"
  }

  private func describe(_ problem: MinimumNorm, _ console: Console) {
    let values = singularValues(problem.inputs).scalars(as: Double.self)
    let (greatest, least) = (values.max() ?? 0, values.min() ?? 0)
    console.write(
      """
      X w = y: \(problem.inputs.shape[0]) digits, \(problem.inputs.shape[1]) pixels; \(first) ↦ −1, \
      \(second) ↦ 1
      singular values of X from \(fixed(least, 3)) to \(fixed(greatest, 3)); step \
      \(fixed(problem.bestStep, 5)), below 1/σ₁² = \(fixed(1 / (greatest * greatest), 5))

      """)
  }

  private func report(
    _ solutions: [(name: String, weights: Tensor)], _ problem: MinimumNorm, _ test: Dataset,
    _ console: Console
  ) {
    console.write(
      "\n" + "solution".filled(to: 18) + "‖X w − y‖".padded(to: 11) + "‖w‖".padded(to: 10)
        + "accuracy on \(test.count) others".padded(to: 25) + "\n")
    for (name, weights) in solutions {
      let isRight = sign(matmul(test.inputs, weights)) .== test.labels
      console.write(
        name.filled(to: 18) + scientific(residual(problem, weights)).padded(to: 11)
          + fixed(weights.norm().item(), 5).padded(to: 10)
          + fixed(isRight.cast(to: .float64).mean().item(), 4).padded(to: 25) + "\n")
    }
  }
}
