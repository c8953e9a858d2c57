import Core
import Probabilistic

/// `course mixture-density`: a conditional density with several modes.
struct MixtureDensityCommand: Subcommand {
  static let name = "mixture-density"
  static let summary =
    "Learns a conditional density by a mixture density network (document 002, exercise 3)."
  static let discussion = """
    The data invert a function that has no inverse: y is uniform, x = y + 0.3 sin 2πy + noise, and for \
    x near ½ there are three y. A network gives the weights, means and deviations of Gaussians for each \
    x, and is trained on their log-likelihood; so is one with a single Gaussian, the usual regression. \
    Pairs that neither has seen measure both: log-likelihood, continuous ranked probability score, and \
    a histogram of Fₓ(y), flat when the densities are calibrated.

    A picture of both densities with means, deviations and modes is left in the output folder. With \
    --data the pairs come from a file of two columns, x and y, without a header.
    """
  static let examples = ["--components 3 --noise 0.02", "--data pairs.csv --epochs 400"]

  @Option("COUNT", "Gaussians in the mixture.", .integer(1...100))
  var components = 5
  @Option("COUNT", "Units of the hidden layer.", .integer(1...10_000))
  var hidden = 64
  @Option("COUNT", "Pairs to learn from, and as many to measure by.", .integer(20...1_000_000))
  var samples = 1000
  @Option("DEVIATION", "The deviation of the noise.", .number(above: 0))
  var noise = 0.05
  @Option("FILE", "Pairs to use instead, in CSV.", .optional(.path))
  var data: String? = nil
  @Option("COUNT", "Passes over the pairs.", .integer(1...1_000_000))
  var epochs = 600
  @Option("COUNT", "Pairs in a batch.", .integer(1...1_000_000))
  var batch = 100
  @Option("RATE", "The learning rate of Adam, which falls to 0.", .number(above: 0))
  var learningRate = 0.01
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    var generator = RandomGenerator(seed: seed)
    let pairs =
      try data.map { try PairData(file: $0, using: &generator) }
      ?? PairData(inverseOf: samples, noise: noise, using: &generator)
    console.write(
      """
      \(pairs.title): \(grouped(pairs.training.count)) pairs to learn, \
      \(grouped(pairs.heldOut.count)) held out

      """)
    var progress = ProgressBar(
      total: 2 * epochs * pairs.training.count, unit: "pairs", console: console)
    let densities = try [components, 1].map { count in
      let density = withRandom(using: &generator) {
        ConditionalDensity(components: count, hidden: hidden, data: pairs.training)
      }
      try density.train(
        on: pairs.training, epochs: epochs, batch: batch, rate: learningRate, using: &generator,
        progress: &progress)
      return density
    }
    progress.clear()
    for (name, density) in zip([mixtureName, "single Gaussian"], densities) {
      console.write(line(name, DensityFigures(density.mixture(at: pairs.heldOut.x), pairs.heldOut)))
    }
    let middle = pairs.training.x.mean().reshaped([1, 1])
    let modes = prominent(densities[0].mixture(at: middle).modes()[0])
    console.write(
      "modes at x = \(fixed(middle.item(), 2)): "
        + modes.map { "y = \(fixed($0.position[0], 3))" }.joined(separator: ", ") + "\n")
    let picture = MixtureDensityPicture(
      title: "p(y | x), \(pairs.title)", pairs: pairs.heldOut,
      panels: [(mixtureName, densities[0]), ("single Gaussian", densities[1])])
    let path = OutputFile.path(output, "mixture-density.svg")
    try OutputFile.write(picture.text, to: path)
    console.write("picture: \(path)\n")
  }

  private var mixtureName: String {
    "\(components) Gaussian\(components == 1 ? "" : "s")"
  }

  private func line(_ name: String, _ figures: DensityFigures) -> String {
    """
    \(name.filled(to: 16)) held-out log-likelihood \(fixed(figures.logLikelihood, 4).padded(to: 8)) nats a \
    pair   CRPS \(fixed(figures.rankedScore, 4))   Fₓ(y) \(figures.histogram) \
    off by \(fixed(figures.histogram.deviation, 3))

    """
  }
}

/// How well densities foretell targets.
struct DensityFigures {
  let logLikelihood: Double
  let rankedScore: Double
  let histogram: PITHistogram

  init(_ mixture: Mixture<Normal>, _ pairs: PairData.Pairs) {
    let y = pairs.y.squeezed(-1)
    logLikelihood = -logScore(mixture, targets: y).mean().item()
    rankedScore = continuousRankedProbabilityScore(mixture, targets: y).mean().item()
    histogram = PITHistogram(mixture, targets: y)
  }
}
