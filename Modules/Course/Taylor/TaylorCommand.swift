import Core
import Datasets
import Optim

/// `course taylor`: the second-order model of a loss, and Newton's method that follows from it.
struct TaylorCommand: Subcommand {
  static let name = "taylor"
  static let summary =
    "What the second-order Taylor model predicts of a step, and what happens (document 003, exercise 3)."
  static let discussion = """
    A softplus network on the bundled digits, before and after some training: the loss after a step \
    −εg of gradient descent, as the model f − ε gᵀg + ½ ε² gᵀHg predicts it and as it is, with the best \
    step ε* = gᵀg / gᵀHg and the end of descent 2ε* marked. Beside it, the largest and smallest \
    eigenvalue of the Hessian of all weights, by Lanczos's method on Hessian–vector products.

    Then logistic regression, even digits against odd ones: Newton's method beside gradient descent \
    with the step 1/λ, λ the largest eigenvalue of the Hessian at the start, and beside the methods \
    that guess the curvature. A picture is left in the output folder.
    """
  static let examples = ["--epochs 10 --hidden 32", "--decay 1e-5 --steps 2000"]

  @Option("COUNT", "Epochs of training before the second look.", .integer(1...100_000))
  var epochs = 3
  @Option("COUNT", "Hidden units.", .integer(1...1000))
  var hidden = 24
  @Option("COUNT", "Digits that the losses are means over.", .integer(20...1437))
  var examples = 1437
  @Option("FACTOR", "λ of the penalty (λ/2)‖w‖² of the logistic regression.", .number(above: 0))
  var decay = 1e-4
  @Option("COUNT", "The most steps of gradient descent there.", .integer(1...1_000_000))
  var steps = 400
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    let digits = try Digits(seed: seed)
    let scale = Standardization(fitting: digits.training.inputs, smallestDeviation: 0.05)
    let all = digits.training.mappingInputs { scale($0) }
    let dataset = all[0..<min(examples, all.count)].mappingInputs { $0.cast(to: .float64) }

    let model = withRandom(seed: seed) {
      Sequential {
        Dense(64, hidden, activation: .softplus)
        Dense(hidden, Digits.classCount)
      }
    }
    model.convert(to: .float64)
    console.write(
      """
      softplus network 64-\(hidden)-10, \(grouped(model.parameterCount)) parameters, loss over \
      \(grouped(dataset.count)) digits

      """)
    let before = TaylorLook(at: model, on: dataset, name: "Before training")
    report(before, console)
    train(model, on: dataset)
    let after = TaylorLook(
      at: model, on: dataset, name: "After \(epochs) epoch\(epochs == 1 ? "" : "s")")
    report(after, console)

    let race = LogisticRace(on: dataset, decay: decay, steps: steps)
    report(race, console)
    let chart = LineChart(
      title: "The second-order model", subtitle: subtitle, xTitle: "ε  (right: iteration)",
      panels: [before.panel, after.panel, race.panel], isWholeX: false)
    let path = OutputFile.path(output, "taylor.svg")
    try OutputFile.write(chart.svg(), to: path)
    console.write("picture: \(path)\n")
  }

  private func train(_ model: some Layer<Tensor, Tensor>, on dataset: Dataset) {
    var training = Optimizing(model, with: GradientDescent(learningRate: 0.05, momentum: 0.9))
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<epochs {
      for batch in dataset.batches(of: 32, using: &generator) {
        let (_, gradients) = valueWithGradient(of: model) {
          softmaxCrossEntropy(logits: model(batch.inputs), labels: batch.labels)
        }
        training.update(along: gradients)
      }
    }
  }

  // MARK: Reports

  private var subtitle: String {
    "Loss after a step −εg on the digits, 64-\(hidden)-10 softplus; right: logistic regression, "
      + "even against odd, λ = \(decay); seed \(seed)"
  }

  private func report(_ look: TaylorLook, _ console: Console) {
    let taylor = look.taylor
    let best = taylor.optimalStep.map { fixed($0, 4) } ?? "none: gᵀHg ≤ 0, every step descends"
    console.write(
      """

      \(look.name)
        loss \(fixed(taylor.value, 5))   gᵀg \(scientific(taylor.gradientSquare))   gᵀHg \
      \(scientific(taylor.gradientCurvature))   ε* = \(best)
        eigenvalues of H from \(scientific(look.spectrum.smallest[0].value)) to \
      \(scientific(look.spectrum.largest[0].value)) (± \
      \(scientific(look.spectrum.largest[0].bound)), \(look.spectrum.products) products of \
      \(grouped(taylor.gradient.count)) numbers); 2/λ = \
      \(fixed(2 / look.spectrum.largest[0].value, 4))
      \("ε".padded(to: 12))\("ε/ε*".padded(to: 9))\("predicted".padded(to: 12))\("actual".padded(to: 12))

      """)
    for row in look.table {
      console.write(
        fixed(row.step, 4).padded(to: 12) + fixed(row.share, 2).padded(to: 9)
          + fixed(row.predicted, 5).padded(to: 12) + fixed(row.actual, 5).padded(to: 12)
          + (row.share > 0 && row.actual >= taylor.value ? "   no descent" : "") + "\n")
    }
  }

  private func report(_ race: LogisticRace, _ console: Console) {
    console.write(
      """

      Logistic regression, even against odd: \(race.parameterCount) parameters, minimum \
      \(fixed(race.minimum, 6))
      \("method".filled(to: 20))\("iterations".padded(to: 11))\("gradients".padded(to: 11))\
      \("H·v".padded(to: 7))\("f − f*".padded(to: 11))\("‖g‖".padded(to: 11))

      """)
    for run in race.runs {
      console.write(
        run.name.filled(to: 20) + "\(run.iterations)".padded(to: 11)
          + "\(run.evaluations)".padded(to: 11) + "\(run.products)".padded(to: 7)
          + scientific(run.gaps.last ?? .nan).padded(to: 11)
          + scientific(run.gradientNorm).padded(to: 11) + "\n")
    }
  }
}
