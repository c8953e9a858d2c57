import Core
import Datasets
import Optim

/// `course lagrangian`: back-propagation as constrained optimisation.
struct LagrangianCommand: Subcommand {
  static let name = "lagrangian"
  static let summary =
    "Trains by the Lagrangian's conditions and shows the multipliers (document 002, exercise 2)."
  static let discussion = """
    A network of logistic layers learns the bundled digits. Each step solves ∂ℒ/∂λ = 0 by the \
    forward pass and ∂ℒ/∂z = 0 by the backward recursion of the multipliers λᵢ = dc/dz(i), and \
    moves along ∂ℒ/∂w. Before the training the conditions are measured on one batch.

    Each epoch prints the loss and the length of one example's λᵢ, on average, from the first layer \
    to the last. With logistic layers it shrinks about fourfold at each step towards the input, as σ′ ≤ ¼ \
    makes it, and the first layers hardly learn in the beginning; with --activation tanh it does not. \
    A picture of the lengths is left in the output folder.
    """
  static let examples = ["--layers 8 --epochs 40", "--activation tanh", "--layers 1 --hidden 64"]

  @Option("COUNT", "Hidden layers.", .integer(1...10))
  var layers = 4
  @Option("COUNT", "Units in each of them.", .integer(1...10_000))
  var hidden = 32
  @Option("NAME", "Their activation: sigmoid, tanh, softplus or relu.", .choice)
  var activation = ActivationName.sigmoid
  @Option("COUNT", "Passes over the training part.", .integer(1...1_000_000))
  var epochs = 20
  @Option("COUNT", "Digits in a batch.", .integer(1...1_000_000))
  var batch = 32
  @Option("RATE", "The learning rate of Adam.", .number(above: 0))
  var learningRate = 0.003
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    let digits = try Digits(seed: seed)
    var generator = RandomGenerator(seed: seed)
    generator = generator.split()
    let scale = Standardization(fitting: digits.training.inputs, smallestDeviation: 0.05)
    let (training, test) = (
      digits.training.mappingInputs { scale($0) }, digits.test.mappingInputs { scale($0) }
    )
    let model = withRandom(using: &generator) { makeModel() }
    describe(model, training, test, console)
    let first = lagrangian(of: model, at: training.batches(of: batch)[0])
    report(LagrangianCheck(first, of: model, using: &generator), console)

    let updates = training.batches(of: batch).count
    var history = MultiplierHistory(of: first.stages, interval: epochs * updates / 120)
    try train(model, on: training, &history, using: &generator, console)
    let result = Evaluation(of: model, on: test, classes: Digits.classCount)
    let path = OutputFile.path(output, "lagrangian-multipliers.svg")
    try OutputFile.write(history.chart(subtitle: subtitle), to: path)
    console.write("multipliers: \(path)\n")
    console.write("test accuracy \(fixed(result.accuracy, 4))\n")
  }

  private func makeModel() -> Sequential<some Layer<Tensor, Tensor>> {
    Sequential {
      Dense(Digits.side * Digits.side, hidden, activation: activation.activation)
      for _ in 1..<layers { Dense(hidden, hidden, activation: activation.activation) }
      Dense(hidden, Digits.classCount)
    }
  }

  private func lagrangian<Body: Layer<Tensor, Tensor>>(
    of model: Sequential<Body>, at batch: Dataset
  ) -> Lagrangian {
    Lagrangian(of: model, at: batch.inputs) {
      softmaxCrossEntropy(logits: $0, labels: batch.labels)
    }
  }

  private func train<Body: Layer<Tensor, Tensor>>(
    _ model: Sequential<Body>, on training: Dataset, _ history: inout MultiplierHistory,
    using generator: inout RandomGenerator, _ console: Console
  ) throws(DivergenceError) {
    var optimizing = Optimizing(model, with: Adam(learningRate: learningRate))
    var progress = ProgressBar(total: epochs * training.count, unit: "digits", console: console)
    for epoch in 1...epochs {
      let batches = training.batches(of: batch, using: &generator)
      for (index, batch) in batches.enumerated() {
        let point = lagrangian(of: model, at: batch).stationaryPoint()
        optimizing.update(along: point.gradients)
        history.append(point, epoch: Double(epoch - 1) + Double(index + 1) / Double(batches.count))
        progress.advance(by: batch.count, label: "epoch \(epoch)/\(epochs)")
      }
      history.close()
      let record = history.mean(after: Double(epoch - 1))!
      progress.print(line(epoch, record))
      guard record.loss.isFinite else { throw DivergenceError(epoch: epoch) }
    }
    progress.clear()
  }

  // MARK: Reports

  private var subtitle: String {
    "Digits, \(layers) hidden layers of \(hidden) units, \(activation.rawValue), "
      + "Adam at \(learningRate), batches of \(batch), seed \(seed); i = 1 is the first layer"
  }

  private func describe(
    _ model: some Layer, _ training: Dataset, _ test: Dataset, _ console: Console
  ) {
    let widths =
      [Digits.side * Digits.side] + Array(repeating: hidden, count: layers)
      + [Digits.classCount]
    console.write(
      """
      digits: \(grouped(training.count)) to learn, \(grouped(test.count)) to test, split by seed \
      \(seed)
      \(activation.rawValue) network \(widths.map(String.init).joined(separator: "-")): \
      \(grouped(model.parameterCount)) parameters, Adam at \(learningRate), batches of \(batch)

      """)
  }

  private func report(_ check: LagrangianCheck, _ console: Console) {
    console.write(
      """
      the conditions on the first batch, in float32
        forward pass       greatest |z(i) − Fᵢ(z(i − 1))|        \(scientific(check.residual))
        any multipliers    |ℒ − c| for random λ                  \(scientific(check.gap))
        multipliers        greatest |∂ℒ/∂z(i)|                   \(scientific(check.stateSlope))
        gradient           greatest |∂ℒ/∂w − automatic dc/dw|    \
      \(scientific(check.gradientDifference))

      """)
  }

  private func line(_ epoch: Int, _ record: MultiplierHistory.Record) -> String {
    let number = String(epoch).padded(to: String(epochs).count)
    let lengths = record.multipliers.map { scientific($0).padded(to: 9) }.joined()
    return "epoch \(number)/\(epochs)   ℒ \(fixed(record.loss, 4))   ‖λ‖\(lengths)"
  }
}
