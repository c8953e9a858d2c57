import Core
import Datasets
import Optim

/// `course digits`: a perceptron learns handwritten digits.
struct DigitsCommand: Subcommand {
  static let name = "digits"
  static let summary = "A perceptron learns to read handwritten digits (document 001, exercise 2)."
  static let discussion = """
    One hidden layer with softplus and a softmax output learn 1,437 digits of 8×8 pixels by \
    cross-entropy, and are tested on 360 others. The learning rate falls to 0 along half a cosine \
    wave. The seed fixes the split, the first weights and the order of the batches: the same \
    command gives the same accuracy on every run and with any number of threads. One split of so \
    few digits says little: over the seeds 1 to 5 the mean accuracy is 0.98.

    With --data it learns the pictures of a folder of four IDX files, as MNIST and Fashion-MNIST \
    have them, packed by gzip or not. Debian's package dataset-fashion-mnist puts such a folder at \
    \(FashionMNIST.folder).

    Pictures of the learning curve and of the confusion matrix are left in the output folder.
    """
  static let examples = [
    "--epochs 20 --hidden 64",
    "--optimizer momentum --learning-rate 0.01",
    "--save digits.safetensors",
    "--load digits.safetensors --epochs 0",
    "--data \(FashionMNIST.folder) --epochs 10 --batch 128",
  ]

  @Option("COUNT", "Passes over the training part; 0 only tests.", .integer(0...1_000_000))
  var epochs = 40
  @Option(
    "FOLDER", "Learns the pictures of IDX files instead of the bundled digits.", .optional(.path))
  var data: String? = nil
  @Option("COUNT", "Digits in a batch.", .integer(1...1_000_000))
  var batch = 32
  @Option(
    "RATE", "The first learning rate.", .optional(.number(above: 0)),
    default: "what suits the optimizer: "
      + OptimizerName.allCases.map { "\($0.learningRate) for \($0)" }.joined(separator: ", "))
  var learningRate: Double? = nil
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option("COUNT", "Hidden units.", .integer(1...100_000))
  var hidden = 128
  @Option("NAME", "The rule: sgd, momentum, adam or adamw.", .choice)
  var optimizer = OptimizerName.adam
  @Option(
    "COUNT", "Threads to compute with.", .optional(.integer(1...1024)), default: "all processors")
  var threads: Int? = nil
  @Option("FILE", "Saves the trained parameters as safetensors.", .optional(.path))
  var save: String? = nil
  @Option(
    "FILE",
    "Starts from saved parameters. Give the same --seed, or the test part holds digits learnt before.",
    .optional(.path))
  var load: String? = nil
  @Option("FOLDER", "Where the pictures go.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    if let threads { Parallel.threadCount = threads }
    // Whatever can fail fails before the training.
    try OutputFile.makeFolder(output)
    if let save { try OutputFile.checkWritable(save) }
    let digits = try data.map(DigitsData.init(folder:)) ?? DigitsData(seed: seed)
    // The split used the stream of the seed itself; a branch of it is independent.
    var generator = RandomGenerator(seed: seed)
    generator = generator.split()
    let model = withRandom(using: &generator) { makeModel(for: digits) }
    if let load { try model.load(from: load) }
    describe(model, digits, console)

    var training = DigitsTraining(
      model, on: digits, epochs: epochs, batchSize: batch, generator: generator.split())
    try train(&training, console)
    let result = training.evaluation(on: digits.test)
    if let save {
      try model.save(to: save)
      console.write("parameters: \(save)\n")
    }
    try draw(training, result, console)
    console.write("test accuracy \(fixed(result.accuracy, 4))\n")
  }

  private func makeModel(for digits: DigitsData) -> Perceptron {
    // A pixel at the rim is nearly always paper. Dividing by its own tiny deviation would turn a
    // speck of ink there into the loudest input.
    let pixels = digits.training.inputs
    let standardization = Standardization(fitting: pixels, smallestDeviation: 0.05)
    return Perceptron(
      pixels.shape[1], hidden: hidden, classes: digits.classCount,
      standardization: standardization)
  }

  private var rate: Double { learningRate ?? optimizer.learningRate }

  private func train(_ training: inout DigitsTraining, _ console: Console) throws {
    switch optimizer {
    case .sgd:
      try training.run(with: GradientDescent(learningRate: rate), console: console)
    case .momentum:
      try training.run(with: GradientDescent(learningRate: rate, momentum: 0.9), console: console)
    case .adam: try training.run(with: Adam(learningRate: rate), console: console)
    case .adamw: try training.run(with: AdamW(learningRate: rate), console: console)
    }
  }

  private func describe(_ model: Perceptron, _ digits: DigitsData, _ console: Console) {
    let inputs = digits.training.inputs.shape[1]
    let count = model.parameterCount
    console.write(
      """
      \(digits.noun): \(grouped(digits.training.count)) to learn, \
      \(grouped(digits.test.count)) to test, \(digits.origin)
      perceptron \(inputs)-\(hidden)-\(digits.classCount): \(grouped(count)) parameters, \
      \(optimizer.rawValue) at \(rate), batches of \(batch), threads: \(Parallel.threadCount)

      """)
  }

  private func draw(
    _ training: DigitsTraining, _ result: Evaluation, _ console: Console
  ) throws {
    if !training.history.isEmpty {
      let path = OutputFile.path(output, "digits-learning-curve.svg")
      let subtitle =
        "\(training.digits.noun.capitalized), \(hidden) hidden units, \(optimizer.rawValue) at \(rate), batches of \(batch), "
        + "seed \(seed)"
      try OutputFile.write(
        DigitsPictures.learningCurve(training.history, subtitle: subtitle), to: path)
      console.write("learning curve: \(path)\n")
    }
    let path = OutputFile.path(output, "digits-confusion-matrix.svg")
    let subtitle =
      "\(training.digits.test.count) test \(training.digits.noun), \(fixed(100 * result.accuracy, 1)) % right, "
      + "seed \(seed)"
    try OutputFile.write(
      DigitsPictures.confusionMatrix(result, of: training.digits, subtitle: subtitle), to: path)
    console.write("confusion matrix: \(path)\n")
    if training.digits.test.classNames != nil, let mistake = result.commonestMistake {
      console.write(
        "commonest mistake: \(training.digits.className(mistake.label)) taken for "
          + "\(training.digits.className(mistake.answer)), \(grouped(mistake.count)) of "
          + "\(grouped(mistake.total))\n")
    }
  }
}
