import Core
import Datasets
import Optim

/// `course normalization`: what each normalisation does to a training.
struct NormalizationCommand: Subcommand {
  static let name = "normalization"
  static let summary =
    "One small CNN with each normalisation, and how weight normalisation grows (documents 004, 3, and 003, 4)."
  static let discussion = """
    The same network of two convolutions learns the digits by plain gradient descent eight times: \
    as it is; with batch, layer, instance, group or RMS normalisation after each convolution; with \
    weight or spectral normalisation of each. All start from the same convolutions and see the \
    same batches; the rate falls to 0 along half a cosine wave.

    Then the weight-normalised network trains at a constant rate ε, in double precision: w = g u / \
    ‖u‖, the gradient is orthogonal to u, and each step lengthens u by √(1 + c²), c = ε ‖∇ᵤL‖ / \
    ‖u‖. The measured lengths are compared with that law at each step.

    Two pictures are left in the output folder: the learning curves, and the growth of ‖u‖.
    """
  static let examples = ["--learning-rate 0.5", "--batch 4 --epochs 2"]

  @Option("COUNT", "Passes over the training part.", .integer(1...1_000_000))
  var epochs = 8
  @Option("COUNT", "Digits in a batch, at least 2.", .integer(2...1_000_000))
  var batch = 32
  @Option("RATE", "The first learning rate of gradient descent.", .number(above: 0))
  var learningRate = 0.1
  @Option(
    "COUNT", "Filters of the first convolution, a multiple of 4; the second has twice as many.",
    .integer(4...1024))
  var filters = 16
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option(
    "COUNT", "Threads to compute with.", .optional(.integer(1...1024)), default: "all processors")
  var threads: Int? = nil
  @Option("FOLDER", "Where the pictures go.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    if let threads { Parallel.threadCount = threads }
    guard filters % 4 == 0 else {
      throw OptionError("--filters: expected a multiple of 4, found '\(filters)'")
    }
    try OutputFile.makeFolder(output)
    let digits = try DigitsData(seed: seed)
    var generator = RandomGenerator(seed: seed)
    generator = generator.split()
    let (weights, order) = (generator.split(), generator.split())
    func network(_ normalization: NormalizationName) -> NormalizedNetwork {
      var generator = weights
      return withRandom(using: &generator) {
        NormalizedNetwork(normalization, filters: filters, for: digits)
      }
    }
    console.write(
      "\(digits.noun): \(grouped(digits.training.count)) to learn, "
        + "\(grouped(digits.test.count)) to test, \(digits.origin)\n"
        + "normalisation  parameters  loss (test)      accuracy (test)\n")
    let trainings = try NormalizationName.allCases.map { normalization in
      var training = DigitsTraining(
        network(normalization), on: digits, epochs: epochs, batchSize: batch, generator: order)
      do {
        try training.run(
          with: GradientDescent(learningRate: learningRate), isBrief: true, console: console)
        report(normalization, training, console)
      } catch let error as DivergenceError {
        // The others may go well all the same.
        console.write(normalization.title.filled(to: 15) + "diverged in epoch \(error.epoch)\n")
      }
      return training.history
    }
    let curves = OutputFile.path(output, "normalization-learning-curves.svg")
    try OutputFile.write(learningCurves(trainings), to: curves)
    console.write("learning curves: \(curves)\n")
    var growth = DirectionGrowth()
    growth.run(
      network(.weight), on: digits, epochs: epochs, batchSize: batch, rate: learningRate,
      generator: order, console: console)
    try report(growth, console)
  }

  private func report(
    _ normalization: NormalizationName, _ training: DigitsTraining<NormalizedNetwork>,
    _ console: Console
  ) {
    guard let last = training.history.last else { return }
    console.write(
      normalization.title.filled(to: 15)
        + grouped(training.model.parameterCount).padded(to: 10) + "  "
        + "\(fixed(last.training.loss, 4)) (\(fixed(last.test.loss, 4)))  "
        + "\(fixed(last.training.accuracy, 4)) (\(fixed(last.test.accuracy, 4)))   "
        + normalization.explanation + "\n")
  }

  private var settings: String {
    "\(filters) and \(2 * filters) filters, batches of \(batch), seed \(seed)"
  }

  private func learningCurves(_ trainings: [[EpochEvaluation]]) -> String {
    func panel(_ title: String, _ isLogarithmic: Bool, _ value: (EpochEvaluation) -> Double)
      -> LineChart.Panel
    {
      let series = zip(NormalizationName.allCases, trainings).map { normalization, history in
        LineChart.Series(
          name: normalization.title, x: history.indices.map { Double($0 + 1) },
          y: history.map(value), color: normalization.color)
      }
      return LineChart.Panel(title: title, series: series, isLogarithmic: isLogarithmic)
    }
    return LineChart(
      title: "Normalisations",
      subtitle: "Digits, gradient descent from \(learningRate), \(settings)", xTitle: "epoch",
      panels: [
        panel("Cross-entropy of training", true, \.training.loss),
        panel("Accuracy on the test part", false, \.test.accuracy),
      ]
    ).svg()
  }

  private func report(_ growth: DirectionGrowth, _ console: Console) throws {
    for curve in growth.curves {
      console.write(
        "‖u‖ of the \(curve.name): grown \(fixed(curve.measured.last ?? 1, 4))-fold in "
          + "\(grouped(curve.c.count)) steps, by the law \(fixed(curve.predicted.last ?? 1, 4))\n")
    }
    console.write(
      "‖u′‖ / ‖u‖ = √(1 + c²) in each filter at each step, within "
        + "\(scientific(growth.deviation)); "
        + (growth.neverShrinks ? "no ‖u‖ ever shrank\n" : "some ‖u‖ shrank\n"))
    let path = OutputFile.path(output, "normalization-growth.svg")
    try OutputFile.write(
      growth.svg(subtitle: "Weight normalisation, ε = \(learningRate), \(settings)"), to: path)
    console.write("growth of ‖u‖: \(path)\n")
  }
}
