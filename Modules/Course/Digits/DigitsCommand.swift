import Core
import Datasets
import Optim

/// `course digits`: a perceptron, or a convolutional network, learns handwritten digits.
struct DigitsCommand: Subcommand {
  static let name = "digits"
  static let summary =
    "A perceptron or a small CNN learns to read handwritten digits (document 001, exercise 2)."
  static let discussion = """
    One hidden layer with softplus and a softmax output learn 1,437 digits of 8×8 pixels by \
    cross-entropy, and are tested on 360 others. The learning rate falls to 0 along half a cosine \
    wave. The seed fixes the split, the first weights and the order of the batches: the same \
    command gives the same accuracy on every run and with any number of threads. One split of so \
    few digits says little: over the seeds 1 to 5 the mean accuracy is 0.98.

    With --model cnn a small convolutional network learns them: two convolutions of 3×3, a \
    max-pooling and two dense layers. It trains five of them, with the seeds 1 to 5, and gives the \
    mean of their accuracies, 0.989; with --seed, --save, --load, --data or --checkpoints it trains one.

    With --checkpoints a training that was stopped, even killed, goes on with --resume where it was, \
    and ends with the same bits.

    With --data it learns the pictures of a folder of four IDX files, as MNIST and Fashion-MNIST \
    have them, packed by gzip or not. Debian's package dataset-fashion-mnist puts such a folder at \
    \(FashionMNIST.folder).

    Pictures of the learning curve and of the confusion matrix are left in the output folder.
    """
  static let examples = [
    "--epochs 20 --hidden 64",
    "--optimizer momentum --learning-rate 0.01",
    "--model cnn",
    "--save digits.safetensors",
    "--load digits.safetensors --epochs 0",
    "--checkpoints run --resume --epochs 200",
    "--data \(FashionMNIST.folder) --epochs 10 --batch 128",
  ]

  @Option("NAME", "The network: perceptron or cnn.", .choice)
  var model = DigitsModelName.perceptron
  @Option(
    "COUNT", "Passes over the training part; 0 only tests.", .optional(.integer(0...1_000_000)),
    default: "40, or 20 for the cnn")
  var epochs: Int? = nil
  @Option(
    "FOLDER", "Learns the pictures of IDX files instead of the bundled digits.", .optional(.path))
  var data: String? = nil
  @Option("COUNT", "Digits in a batch.", .integer(1...1_000_000))
  var batch = 32
  @Option(
    "RATE", "The first learning rate.", .optional(.number(above: 0)),
    default: "what suits the optimizer: "
      + OptimizerName.allCases.map { "\($0.learningRate) for \($0)" }.joined(separator: ", ")
      + "; a third of it for the cnn")
  var learningRate: Double? = nil
  @Option(
    "NUMBER", "Fixes all that is random.", .optional(.seed), default: "7; 1 to 5 for the cnn")
  var seed: UInt64? = nil
  @Option("COUNT", "Units of the dense hidden layer.", .integer(1...100_000))
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
  @Option(
    "FOLDER", "Saves the training there after each pass, to go on with it if it is stopped.",
    .optional(.path))
  var checkpoints: String? = nil
  @Option(
    "COUNT", "Saves it after every so many batches of a pass, too.",
    .optional(.integer(1...1_000_000)))
  var checkpointEvery: Int? = nil
  @Option("", "Goes on from the last good checkpoint, if there is one.", .flag)
  var resume = false
  @Option("FOLDER", "Where the pictures go.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    if let threads { Parallel.threadCount = threads }
    // Whatever can fail fails before the training.
    try OutputFile.makeFolder(output)
    if let save { try OutputFile.checkWritable(save) }
    guard checkpoints != nil || !resume && checkpointEvery == nil else {
      throw OptionError("--resume and --checkpoint-every need --checkpoints")
    }
    let asksForOne =
      seed != nil || save != nil || load != nil || data != nil || checkpoints != nil
    guard model == .cnn, !asksForOne else {
      let accuracy = try run(seed: seed ?? 7, isOne: true, console)
      return console.write("test accuracy \(fixed(accuracy, 4))\n")
    }
    let seeds: [UInt64] = [1, 2, 3, 4, 5]
    let accuracies = try seeds.map { seed in
      let accuracy = try run(seed: seed, isOne: false, console)
      console.write("seed \(seed)   test accuracy \(fixed(accuracy, 4))\n")
      return accuracy
    }
    let mean = accuracies.reduce(0, +) / Double(accuracies.count)
    console.write("mean test accuracy of the seeds 1 to 5: \(fixed(mean, 4))\n")
  }

  /// Trains and tests once; a run that is one of several only reports its result, and the first of
  /// them leaves the pictures.
  private func run(seed: UInt64, isOne: Bool, _ console: Console) throws -> Double {
    let digits = try data.map(DigitsData.init(folder:)) ?? DigitsData(seed: seed)
    // The split used the stream of the seed itself; a branch of it is independent.
    var generator = RandomGenerator(seed: seed)
    generator = generator.split()
    switch model {
    case .perceptron:
      let model = withRandom(using: &generator) { makePerceptron(for: digits) }
      return try run(model, digits, seed, isOne, &generator, console)
    case .cnn:
      let model = withRandom(using: &generator) { makeNetwork(for: digits) }
      return try run(model, digits, seed, isOne, &generator, console)
    }
  }

  private func run<Model: Layer<Tensor, Tensor>>(
    _ model: Model, _ digits: DigitsData, _ seed: UInt64, _ isOne: Bool,
    _ generator: inout RandomGenerator, _ console: Console
  ) throws -> Double {
    if let load { try model.load(from: load) }
    let isFirst = isOne || seed == 1
    if isFirst { describe(model, digits, console) }
    var training = DigitsTraining(
      model, on: digits, epochs: passes, batchSize: batch, generator: generator.split(),
      checkpoints: try checkpointFolder(seed: seed))
    try train(&training, isBrief: !isOne, console)
    let result = training.evaluation(on: digits.test)
    if let save {
      try model.save(to: save)
      console.write("parameters: \(save)\n")
    }
    if isFirst { try draw(training, result, seed, console) }
    return result.accuracy
  }

  /// Everything that decides how a training goes must be the same for it to go on.
  private func checkpointFolder(seed: UInt64) throws -> CheckpointFolder? {
    try checkpoints.map { directory in
      try CheckpointFolder(
        directory, isResuming: resume, every: checkpointEvery,
        settings: [
          "--model": model.rawValue, "--epochs": "\(passes)", "--batch": "\(batch)",
          "--learning-rate": "\(rate)", "--seed": "\(seed)", "--hidden": "\(hidden)",
          "--optimizer": optimizer.rawValue, "--data": data ?? "the bundled digits",
        ])
    }
  }

  private func makePerceptron(for digits: DigitsData) -> Perceptron {
    // A pixel at the rim is nearly always paper. Dividing by its own tiny deviation would turn a
    // speck of ink there into the loudest input.
    let pixels = digits.training.inputs
    let standardization = Standardization(fitting: pixels, smallestDeviation: 0.05)
    return Perceptron(
      pixels.shape[1], hidden: hidden, classes: digits.classCount,
      standardization: standardization)
  }

  private func makeNetwork(for digits: DigitsData) -> DigitsNetwork {
    DigitsNetwork(
      size: digits.size, hidden: hidden, classes: digits.classCount,
      pixels: digits.training.inputs)
  }

  private var passes: Int { epochs ?? (model == .cnn ? 20 : 40) }

  private var rate: Double {
    learningRate ?? optimizer.learningRate / (model == .cnn ? 3 : 1)
  }

  private func train<Model>(
    _ training: inout DigitsTraining<Model>, isBrief: Bool, _ console: Console
  ) throws {
    switch optimizer {
    case .sgd:
      try training.run(
        with: GradientDescent(learningRate: rate), isBrief: isBrief, console: console)
    case .momentum:
      try training.run(
        with: GradientDescent(learningRate: rate, momentum: 0.9), isBrief: isBrief,
        console: console)
    case .adam:
      try training.run(with: Adam(learningRate: rate), isBrief: isBrief, console: console)
    case .adamw:
      try training.run(with: AdamW(learningRate: rate), isBrief: isBrief, console: console)
    }
  }

  private func describe(_ model: some Layer, _ digits: DigitsData, _ console: Console) {
    let inputs = digits.training.inputs.shape[1]
    let network =
      self.model == .cnn
      ? "cnn: conv 32 – conv 64 – pool – dense \(hidden) – dense \(digits.classCount)"
      : "perceptron \(inputs)-\(hidden)-\(digits.classCount)"
    console.write(
      """
      \(digits.noun): \(grouped(digits.training.count)) to learn, \
      \(grouped(digits.test.count)) to test, \(digits.origin)
      \(network): \(grouped(model.parameterCount)) parameters, \
      \(optimizer.rawValue) at \(rateText), batches of \(batch), threads: \(Parallel.threadCount)

      """)
  }

  private var rateText: String { "\((rate * 1e6).rounded() / 1e6)" }

  private func draw<Model>(
    _ training: DigitsTraining<Model>, _ result: Evaluation, _ seed: UInt64, _ console: Console
  ) throws {
    if !training.history.isEmpty {
      let path = OutputFile.path(output, "digits-learning-curve.svg")
      let subtitle =
        "\(training.digits.noun.capitalized), \(model), \(hidden) hidden units, "
        + "\(optimizer.rawValue) at \(rateText), batches of \(batch), "
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
