import Core
import Datasets

/// `course fashion`: a convolutional network learns clothes.
struct FashionCommand: Subcommand {
  static let name = "fashion"
  static let summary = "A convolutional network learns the clothes of Fashion-MNIST."
  static let discussion = """
    Two convolutions of 3×3 with 32 and 64 filters, each with ReLU and a 2×2 max-pooling behind it, \
    and two dense layers learn 60,000 pictures of 28×28 pixels by cross-entropy with Adam, and are \
    tested on 10,000 others. Three epochs give a test accuracy above 0.90.

    The pictures are not part of this package: Debian's package dataset-fashion-mnist puts them at \
    \(FashionMNIST.folder). The files may be packed by gzip or not.

    Pictures of the learning curve and of the confusion matrix are left in the output folder.
    """
  static let examples = [
    "--epochs 1", "--data fashion-mnist --save fashion.safetensors",
    "--load fashion.safetensors --epochs 0",
  ]

  @Option("FOLDER", "Where the four IDX files are.", .path)
  var data = FashionMNIST.folder
  @Option("COUNT", "Passes over the training part; 0 only tests.", .integer(0...1_000_000))
  var epochs = 3
  @Option("COUNT", "Pictures in a batch.", .integer(1...1_000_000))
  var batch = 64
  @Option("RATE", "The learning rate of Adam.", .number(above: 0))
  var learningRate = 0.001
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option(
    "COUNT", "Threads to compute with.", .optional(.integer(1...1024)), default: "all processors")
  var threads: Int? = nil
  @Option("FILE", "Saves the trained parameters as safetensors.", .optional(.path))
  var save: String? = nil
  @Option("FILE", "Starts from saved parameters.", .optional(.path))
  var load: String? = nil
  @Option("FOLDER", "Where the pictures go.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    if let threads { Parallel.threadCount = threads }
    // Whatever can fail fails before the training.
    try OutputFile.makeFolder(output)
    if let save { try OutputFile.checkWritable(save) }
    let images = try FashionMNIST.load(data)
    try check(images)
    var generator = RandomGenerator(seed: seed)
    let model = withRandom(using: &generator) { FashionNetwork() }
    if let load { try model.load(from: load) }
    console.write(
      """
      pictures: \(grouped(images.training.count)) to learn, \(grouped(images.test.count)) to test
      network: conv 32 – pool – conv 64 – pool – dense 128 – dense 10, \
      \(grouped(model.parameterCount)) parameters

      \(Core.summary(of: model, input: [1, 1, 28, 28]))

      adam at \(learningRate), batches of \(batch), seed \(seed), threads: \(Parallel.threadCount)

      """)
    var training = FashionTraining(model, on: images)
    try training.run(
      epochs: epochs, batchSize: batch, rate: learningRate, using: &generator, console: console)
    let result = training.evaluation()
    if let save {
      try model.save(to: save)
      console.write("parameters: \(save)\n")
    }
    try draw(training, result, console)
    console.write("test accuracy \(fixed(result.accuracy, 4))\n")
  }

  /// The network is made for pictures of one size, and neither part may be empty.
  private func check(_ images: IDXImages) throws(DataError) {
    for (name, part) in [("train", images.training), ("t10k", images.test)] {
      let shape = Array(part.inputs.shape)
      guard shape[0] > 0, shape[2...] == [28, 28] else {
        throw DataError(
          .mismatched, file: data, at: .file, expected: "pictures of 28×28 in the files \(name)-…",
          found: shape[0] == 0 ? "none" : "\(shape[2])×\(shape[3])")
      }
    }
  }

  private func draw(
    _ training: FashionTraining, _ result: Evaluation, _ console: Console
  ) throws {
    if !training.training.isEmpty {
      let path = OutputFile.path(output, "fashion-learning-curve.svg")
      try OutputFile.write(learningCurve(training), to: path)
      console.write("learning curve: \(path)\n")
    }
    let path = OutputFile.path(output, "fashion-confusion-matrix.svg")
    let picture = ConfusionPicture(
      title: "Confusion matrix",
      subtitle: "\(grouped(training.images.test.count)) test pictures, "
        + "\(fixed(100 * result.accuracy, 1)) % right, seed \(seed); percent of each row",
      names: FashionMNIST.classNames, counts: result.confusion)
    try OutputFile.write(picture.svg(), to: path)
    console.write("confusion matrix: \(path)\n")
    if let mistake = result.commonestMistake {
      let names = FashionMNIST.classNames
      console.write(
        "commonest mistake: \(names[mistake.label]) taken for \(names[mistake.answer]), "
          + "\(grouped(mistake.count)) of \(grouped(mistake.total))\n")
    }
  }

  private func learningCurve(_ training: FashionTraining) -> String {
    func panel(_ title: String, _ value: (FashionTraining.Point) -> Double) -> LineChart.Panel {
      LineChart.Panel(
        title: title,
        series: [("training", training.training), ("test", training.test)].map { name, points in
          .init(name: name, x: points.map(\.epoch), y: points.map(value))
        })
    }
    return LineChart(
      title: "Learning curve",
      subtitle: "Fashion-MNIST, adam at \(learningRate), batches of \(batch), seed \(seed)",
      xTitle: "epoch", panels: [panel("Cross-entropy", \.loss), panel("Accuracy", \.accuracy)],
      isWholeX: false
    ).svg()
  }
}
