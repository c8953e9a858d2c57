import Core
import Datasets
import Optim

/// `course vision-transformer`: a transformer reads pictures as sequences of patches.
struct VisionTransformerCommand: Subcommand {
  static let name = "vision-transformer"
  static let summary =
    "A vision transformer learns digits, or clothes, and shows where it looks (document 004, 4)."
  static let discussion = """
    A picture is cut into patches, each patch becomes a vector, and a transformer reads them as a \
    sentence; the class is read off a token put before them. It learns the 1,437 bundled digits \
    by cross-entropy with AdamW, whose rate falls to 0 along half a cosine wave, and is tested on \
    360 others. Nothing in the model knows that neighbouring pixels belong together, and there are \
    few pictures: each is turned, scaled and moved a bit, anew each time, before it is learnt.

    With --data it learns the pictures of a folder of four IDX files, such as \
    \(FashionMNIST.folder).

    Pictures of the learning curve, and of what each layer looked at in some test pictures, are \
    left in the output folder.
    """
  static let examples = [
    "--pooling mean", "--depth 2 --width 32 --epochs 20",
    "--data \(FashionMNIST.folder) --epochs 2",
  ]

  @Option(
    "FOLDER", "Learns the pictures of IDX files instead of the bundled digits.", .optional(.path))
  var data: String? = nil
  @Option(
    "COUNT", "Passes over the training part; 0 only tests.", .optional(.integer(0...1_000_000)),
    default: "30; 2 with --data")
  var epochs: Int? = nil
  @Option(
    "PIXELS", "The side of a patch.", .optional(.integer(1...1024)),
    default: "a quarter of the picture's height")
  var patch: Int? = nil
  @Option("COUNT", "Features of a patch: a multiple of the heads.", .integer(1...4096))
  var width = 64
  @Option("COUNT", "Layers.", .integer(1...64))
  var depth = 4
  @Option("COUNT", "Heads of attention.", .integer(1...64))
  var heads = 4
  @Option("NAME", "What the class is read off: a token, or the mean of the patches.", .choice)
  var pooling = PoolingName.token
  @Option("SHARE", "Dropout while training.", .share)
  var dropout = 0.1
  @Option("DEGREES", "Turns pictures by up to so much before each is learnt.", .measure)
  var turn = 10.0
  @Option("SHARE", "Enlarges or shrinks pictures by up to so much before each is learnt.", .share)
  var zoom = 0.1
  @Option("PIXELS", "Moves pictures by up to so much before each is learnt.", .measure)
  var shift = 0.75
  @Option("COUNT", "Pictures in a batch.", .integer(1...1_000_000))
  var batch = 32
  @Option("RATE", "The first learning rate.", .number(above: 0))
  var learningRate = 0.003
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

  /// How many pictures are drawn with their maps.
  private static let shown = 8

  func run(console: Console) throws {
    if let threads { Parallel.threadCount = threads }
    // Whatever can fail fails before the training.
    try OutputFile.makeFolder(output)
    if let save { try OutputFile.checkWritable(save) }
    let pictures = try data.map(DigitsData.init(folder:)) ?? DigitsData(seed: seed)
    // The split used the stream of the seed itself; a branch of it is independent.
    var generator = RandomGenerator(seed: seed)
    generator = generator.split()
    let patch = try checkedPatch(pictures.size)
    let model = withRandom(using: &generator) {
      PictureTransformer(
        size: pictures.size, classes: pictures.classCount, patch: patch, width: width,
        depth: depth, heads: heads, pooling: pooling.pooling, dropout: dropout,
        pixels: pictures.training.inputs)
    }
    if let load { try model.load(from: load) }
    describe(model, pictures, console)
    var training = DigitsTraining(
      model, on: pictures, epochs: epochs ?? (data == nil ? 30 : 2), batchSize: batch,
      generator: generator.split())
    training.augmentation = augmentation
    // Dropout's draws too are fixed by the seed.
    try withRandom(using: &generator) {
      try training.run(with: AdamW(learningRate: learningRate, weightDecay: 0.05), console: console)
    }
    let result = training.evaluation(on: pictures.test)
    if let save {
      try model.save(to: save)
      console.write("parameters: \(save)\n")
    }
    try draw(training, result, console)
    console.write("test accuracy \(fixed(result.accuracy, 4))\n")
  }

  private var augmentation: [any Augmentation] {
    if turn == 0 && zoom == 0 && shift == 0 { return [] }
    return [RandomAffine(degrees: -turn...turn, scale: (1 - zoom)...(1 + zoom), shift: shift)]
  }

  private func checkedPatch(_ size: [Int]) throws(OptionError) -> Int {
    let patch = patch ?? max(size[0] / 4, 1)
    guard size.allSatisfy({ $0.isMultiple(of: patch) }) else {
      throw OptionError(
        "--patch \(patch) does not divide pictures of \(size[0])×\(size[1]) evenly")
    }
    guard width.isMultiple(of: heads) else {
      throw OptionError("--width \(width) is no multiple of --heads \(heads)")
    }
    return patch
  }

  private func describe(
    _ model: PictureTransformer, _ pictures: DigitsData, _ console: Console
  ) {
    let count = (pictures.size[0] / model.patch) * (pictures.size[1] / model.patch)
    console.write(
      """
      \(pictures.noun): \(grouped(pictures.training.count)) to learn, \
      \(grouped(pictures.test.count)) to test, \(pictures.origin)
      transformer: \(count) patches of \(model.patch)×\(model.patch), \(depth) layers of width \
      \(width) with \(heads) heads, \(grouped(model.parameterCount)) parameters
      adamw at \(learningRate), batches of \(batch), dropout \(dropout), seed \(seed), \
      threads: \(Parallel.threadCount)

      """)
  }

  private func draw(
    _ training: DigitsTraining<PictureTransformer>, _ result: Evaluation, _ console: Console
  ) throws {
    let pictures = training.digits
    if !training.history.isEmpty {
      let path = OutputFile.path(output, "vision-transformer-learning-curve.svg")
      let subtitle =
        "\(pictures.noun.capitalized), \(depth) layers of width \(width), patches of "
        + "\(training.model.patch)×\(training.model.patch), seed \(seed)"
      try OutputFile.write(
        DigitsPictures.learningCurve(training.history, subtitle: subtitle), to: path)
      console.write("learning curve: \(path)\n")
    }
    let inputs = pictures.test.inputs[..<min(Self.shown, pictures.test.count)]
    let answers = training.model(inputs).argmax(along: 1).scalars(as: Int.self)
    let labels = pictures.test.labels.scalars(as: Int.self)
    let picture = AttentionMapPicture(
      title: "Where a vision transformer looks",
      subtitle: pooling == .token
        ? "what the class token sees in each layer, the mean of \(heads) heads"
        : "what the patches see in each layer, the mean of \(heads) heads",
      pictures: inputs.reshaped(Shape([inputs.shape[0]] + pictures.size)),
      maps: training.model.attentionMaps(inputs),
      captions: answers.enumerated().map { index, answer in
        let name = pictures.className(answer)
        return answer == labels[index]
          ? name : "\(name), not \(pictures.className(labels[index]))"
      })
    let path = OutputFile.path(output, "vision-transformer-attention.svg")
    try OutputFile.write(picture.svg(), to: path)
    console.write("attention: \(path)\n")
  }
}
