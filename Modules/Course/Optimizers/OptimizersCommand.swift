import Core
import Datasets
import Optim

/// `course optimizers`: every rule on two surfaces and on the digits.
struct OptimizersCommand: Subcommand {
  static let name = "optimizers"
  static let summary =
    "Every first-order rule on two surfaces and on the digits, beside methods of second order."
  static let discussion = """
    Each rule of the module Optim goes down Rosenbrock's curved valley and a quadratic whose \
    curvatures differ a hundredfold, and trains a network of one hidden layer on the bundled digits. \
    Each is given the best of \(RuleEntry.rates.count) constant rates, found by trying all: the one \
    that needs the fewest steps to a threshold. What else can be set keeps its default; the three \
    forms of momentum use 0.9. The surfaces are also gone down by methods of second order, which \
    need no rate.

    The tables show the steps to the threshold, and the output folder gets three pictures: paths \
    over contour lines for each surface, and the training losses.
    """
  static let examples = ["--epochs 10 --hidden 128", "--steps 10000", "--batch 8"]

  @Option("COUNT", "The most steps on a surface.", .integer(1...1_000_000))
  var steps = 2000
  @Option("COUNT", "Digits to train on.", .integer(1...1437))
  var examples = 1437
  @Option("COUNT", "Passes over them.", .integer(1...10_000))
  var epochs = 5
  @Option("COUNT", "Digits in a batch.", .integer(1...10_000))
  var batch = 32
  @Option("COUNT", "Hidden units of the network.", .integer(1...10_000))
  var hidden = 32
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the pictures go.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    let digits = try Digits(seed: seed)
    let setting = RuleRun.Setting(
      training: digits.training[0..<min(examples, digits.training.count)], test: digits.test,
      hidden: hidden, batch: batch, epochs: epochs, seed: seed)
    let surfaces = [Surface.rosenbrock, .quadratic]
    var progress = ProgressBar(
      total: (surfaces.count + 1) * RuleEntry.all.count, unit: "searches", console: console)
    for surface in surfaces {
      let rules = RuleEntry.all.map { entry in
        defer { progress.advance(by: 1, label: surface.shortName) }
        return SurfaceRun.best(of: entry, on: surface, limit: steps)
      }
      let runs = rules + SurfaceRun.secondOrder(on: surface)
      progress.clear()
      report(runs, on: surface, console)
      try write(
        OptimizerPictures.paths(runs, on: surface), "optimizers-\(surface.shortName)", console)
    }
    let runs = RuleEntry.all.map { entry in
      defer { progress.advance(by: 1, label: "digits") }
      return RuleRun.best(of: entry, setting)
    }
    progress.clear()
    report(runs, setting, console)
    let subtitle =
      "Network 64-\(hidden)-10, batches of \(batch), each rule with the best of "
      + "\(RuleEntry.rates.count) rates; until \(RuleRun.threshold). Grey: the other rules."
    try write(OptimizerPictures.losses(runs, subtitle: subtitle), "optimizers-digits", console)
  }

  // MARK: Reports

  private func write(_ picture: String, _ name: String, _ console: Console) throws {
    let path = OutputFile.path(output, name + ".svg")
    try OutputFile.write(picture, to: path)
    console.write("picture: \(path)\n\n")
  }

  private func report(_ runs: [SurfaceRun], on surface: Surface, _ console: Console) {
    console.write(
      """
      \(surface.name) \(surface.formula), down to \(surface.threshold)
      \("rule".filled(to: 20))\("rate".padded(to: 8))\("steps".padded(to: 8))\
      \("gradients".padded(to: 11))\("H·v".padded(to: 6))\("value".padded(to: 11))

      """)
    for run in runs {
      console.write(
        run.name.filled(to: 20)
          + (run.rate.map(OptimizerPictures.short) ?? "–").padded(to: 8)
          + (run.steps.map { "\($0)" } ?? "–").padded(to: 8)
          + "\(run.gradients)".padded(to: 11) + "\(run.products)".padded(to: 6)
          + scientific(run.value).padded(to: 11) + "\n")
    }
  }

  private func report(_ runs: [RuleRun], _ setting: RuleRun.Setting, _ console: Console) {
    console.write(
      """
      \(grouped(setting.training.count)) digits, network 64-\(hidden)-10, \
      \(grouped(setting.updateCount)) updates with batches of \(batch); training loss down to \
      \(RuleRun.threshold)
      \("rule".filled(to: 20))\("rate".padded(to: 8))\("updates".padded(to: 9))\
      \("last loss".padded(to: 11))\("test accuracy".padded(to: 15))

      """)
    for run in runs {
      console.write(
        run.name.filled(to: 20) + OptimizerPictures.short(run.rate).padded(to: 8)
          + (run.steps.map { "\($0)" } ?? "–").padded(to: 9)
          + fixed(run.lastLoss, 4).padded(to: 11) + fixed(run.accuracy, 4).padded(to: 15) + "\n")
    }
  }
}
