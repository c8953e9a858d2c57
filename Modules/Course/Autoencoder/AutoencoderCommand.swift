import Conv
import Core

/// `course autoencoder`: pictures through a narrow convolutional code, and back.
struct AutoencoderCommand: Subcommand {
  static let name = "autoencoder"
  static let summary =
    "Trains convolutional auto-encoders, tied and untied (document 000, exercise 2)."
  static let discussion = """
    One hidden layer: the encoder convolves, the decoder is a transposed convolution back to the \
    picture's size. Tied, both use one weight, z = f(w ⋆ x + b) and y = g(wᵀ z + c); untied, the \
    decoder has a weight of its own. Both start from the same encoder, see the same batches and \
    minimise the mean squared error.

    By default the code of an 8×8 digit is 2×2 places by 8 filters, half as many numbers as pixels. \
    Two pictures are left in the output folder: originals, reconstructions and the learned filters; \
    and the errors by epoch.
    """
  static let examples = [
    "--filters 4", "--kernel 3 --stride 2 --padding 1",
    "--data /usr/share/datasets/fashion-mnist --epochs 2",
  ]

  @Option(
    "FOLDER", "Learns the pictures of IDX files instead of the bundled digits.", .optional(.path))
  var data: String? = nil
  @Option("COUNT", "Filters of the code.", .integer(1...1024))
  var filters = 8
  @Option("PIXELS", "The side of a kernel.", .integer(1...64))
  var kernel = 6
  @Option("PIXELS", "How far kernels are apart.", .integer(1...64))
  var stride = 4
  @Option("PIXELS", "Zeros around the picture.", .integer(0...64))
  var padding = 1
  @Option(
    "COUNT", "Passes over the training part; 0 only draws.", .optional(.integer(0...1_000_000)),
    default: "40, or 3 with --data")
  var epochs: Int? = nil
  @Option("COUNT", "Pictures in a batch.", .integer(1...1_000_000))
  var batch = 32
  @Option("RATE", "The first learning rate of Adam.", .number(above: 0))
  var learningRate = 0.01
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option(
    "COUNT", "Threads to compute with.", .optional(.integer(1...1024)), default: "all processors")
  var threads: Int? = nil
  @Option("FOLDER", "Where the pictures go.", .path)
  var output = "course-output"

  private var passes: Int { epochs ?? (data == nil ? 40 : 3) }

  func run(console: Console) throws {
    if let threads { Parallel.threadCount = threads }
    try OutputFile.makeFolder(output)
    let pictures = try data.map(AutoencoderData.init(folder:)) ?? AutoencoderData(seed: seed)
    try checkGeometry(pictures.size)
    var generator = RandomGenerator(seed: seed)
    generator = generator.split()
    var trainings = makeTrainings(using: &generator)
    describe(trainings, pictures, console)
    for index in trainings.indices {
      try trainings[index].run(
        on: pictures, epochs: passes, batchSize: batch, rate: learningRate, generator: generator,
        console: console)
    }
    try draw(trainings, pictures, console)
  }

  /// Both start with the same encoder.
  private func makeTrainings(using generator: inout RandomGenerator) -> [AutoencoderTraining] {
    let start = generator
    return [true, false].map { isTied in
      var own = start
      let model = withRandom(using: &own) {
        ConvolutionalAutoencoder(
          1, filters, kernel: PerAxis(kernel), stride: PerAxis(stride),
          padding: .symmetric(PerAxis(padding)), isTied: isTied)
      }
      generator = own
      return AutoencoderTraining(isTied ? "tied" : "untied", model)
    }
  }

  private func checkGeometry(_ size: [Int]) throws(OptionError) {
    let side = size.min() ?? 0
    guard kernel <= side + 2 * padding else {
      throw OptionError(
        "--kernel \(kernel) is larger than the padded picture: \(side) + 2 · \(padding)")
    }
    guard padding < kernel else {
      throw OptionError("--padding \(padding) would leave kernels of \(kernel) on zeros alone")
    }
  }

  private func describe(
    _ trainings: [AutoencoderTraining], _ pictures: AutoencoderData, _ console: Console
  ) {
    let size = pictures.size
    let code = trainings[0].model.encoder.outputShape(for: [1, size[0], size[1]])
    console.write(
      """
      pictures: \(grouped(pictures.training.count)) to learn, \
      \(grouped(pictures.test.count)) to test, \(pictures.origin)
      code: \(size[0])×\(size[1]) pixels to \(code[1])×\(code[2]) places by \(code[0]) filters, \
      \(grouped(size[0] * size[1])) numbers to \(grouped(code.elementCount))
      parameters: \(trainings.map { "\(grouped($0.model.parameterCount)) \($0.name)" }
        .joined(separator: ", "))

      """)
  }

  private func draw(
    _ trainings: [AutoencoderTraining], _ pictures: AutoencoderData, _ console: Console
  ) throws {
    let errors = trainings.map { $0.error(on: pictures.test.inputs) }
    let variance = pictures.variance
    for (training, error) in zip(trainings, errors) {
      console.write(
        "\(training.name.filled(to: 6))  test error \(fixed(error, 5)): "
          + "\(fixed(100 * (1 - error / variance), 1)) % of the variance explained\n")
    }
    let epochs = passes == 1 ? "1 epoch" : "\(passes) epochs"
    let subtitle =
      "\(filters) filters of \(kernel)×\(kernel), stride \(stride), \(epochs), seed \(seed)"
    let path = OutputFile.path(output, "autoencoder.svg")
    try OutputFile.write(
      AutoencoderPicture(
        title: "Convolutional auto-encoder", subtitle: subtitle,
        originals: pictures.test.inputs[0..<min(10, pictures.test.count)], trainings: trainings,
        errors: errors
      ).svg(), to: path)
    console.write("reconstructions and filters: \(path)\n")
    guard passes > 0 else { return }
    let curve = OutputFile.path(output, "autoencoder-learning-curve.svg")
    try OutputFile.write(learningCurve(trainings, subtitle: subtitle), to: curve)
    console.write("learning curve: \(curve)\n")
  }

  private func learningCurve(_ trainings: [AutoencoderTraining], subtitle: String) -> String {
    let epochs = (1...passes).map(Double.init)
    func panel(
      _ title: String, _ part: (((training: Double, test: Double)) -> Double)
    ) -> LineChart.Panel {
      LineChart.Panel(
        title: title,
        series: trainings.map { .init(name: $0.name, x: epochs, y: $0.history.map(part)) })
    }
    return LineChart(
      title: "Convolutional auto-encoder", subtitle: subtitle, xTitle: "epoch",
      panels: [
        panel("Squared error, training", { $0.training }),
        panel("Squared error, test", { $0.test }),
      ]
    ).svg()
  }
}
