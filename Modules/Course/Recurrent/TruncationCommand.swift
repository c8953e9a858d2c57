import Core
import Datasets
import Foundation
import Optim
import Recurrent

/// `course truncation`: what truncated back-propagation leaves out.
struct TruncationCommand: Subcommand {
  static let name = "truncation"
  static let summary =
    "The bias of truncated back-propagation through time, and the unrolled graph (document 004, 1)."
  static let discussion = """
    Recurrent networks read passages of Genesis character by character and say which one comes \
    next. Their gradient over the whole passage is compared with gradients that stop at the \
    beginning of each window: by the cosine of the angle between the two and by the ratio of their \
    norms. Were truncation unbiased, no window would differ on average; it always leaves out the \
    same terms, those that reach across a cut.

    Dotted: at the first weights. Solid: after --steps steps of training, when the states carry \
    something worth reaching back for.

    A second picture is the computation graph of question 1.1: three steps of \
    h_t = σ(W x_t + U h_{t−1}), y_t = V h_t, L = Σ L_t, with the weight on each edge.
    """
  static let examples = ["--steps 1000 --length 256", "--hidden 32 --steps 0"]

  @Option("COUNT", "Steps of a passage, and of the widest window.", .integer(2...100_000))
  var length = 128
  @Option("COUNT", "Passages side by side.", .integer(1...10_000))
  var batch = 16
  @Option("COUNT", "Units of a network.", .integer(1...10_000))
  var hidden = 64
  @Option("COUNT", "Steps of training before the second measurement.", .integer(0...1_000_000))
  var steps = 300
  @Option("RATE", "The learning rate of Adam.", .number(above: 0))
  var learningRate = 0.005
  @Option("NUMBER", "Fixes the weights.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the pictures go.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    let text = try CharacterStreams()
    let windows = text.windows(batch: batch, length: length)
    // The last one may be shorter.
    guard let passage = windows.first, passage.inputs.shape[0] == length else {
      throw OptionError("--length: Genesis is too short for \(batch) passages of \(length)")
    }
    var progress = ProgressBar(total: 3 * steps, unit: "steps", console: console)
    let curves = try withRandom(seed: seed) {
      let inputs = text.vocabulary.count
      return [
        try curve("tanh", ElmanRNN(inputs, hidden), text, windows, &progress),
        try curve("LSTM", LSTM(inputs, hidden), text, windows, &progress),
        try curve("GRU", GRU(inputs, hidden), text, windows, &progress),
      ]
    }
    progress.clear()
    for curve in curves { report(curve, console) }
    let bias = OutputFile.path(output, "truncation-bias.svg")
    try OutputFile.write(picture(of: curves), to: bias)
    let graph = OutputFile.path(output, "unrolled-graph.svg")
    try OutputFile.write(UnrolledGraph.svg(steps: 3), to: graph)
    console.write("bias: \(bias)\ncomputation graph: \(graph)\n")
  }

  /// 1, 2, 4, … up to the whole passage.
  private var widths: [Int] {
    Array(sequence(first: 1) { $0 * 2 < length ? $0 * 2 : nil }) + [length]
  }

  private func curve<Cell: RecurrentCell>(
    _ name: String, _ network: Unrolled<Cell>, _ text: CharacterStreams, _ windows: TextWindows,
    _ progress: inout ProgressBar
  ) throws -> TruncationCurve {
    let output = Dense(hidden, text.vocabulary.count)
    func bias() -> [TruncationBias] {
      truncationBias(
        of: network, on: text.vectors(windows[0].inputs), windows: widths
      ) { softmaxCrossEntropy(logits: output($0), labels: windows[0].targets) }
    }
    let before = bias()
    var training = Optimizing(
      Sequential {
        network
        output
      }, with: Adam(learningRate: learningRate).clipped(toNorm: 1))
    for step in 0..<steps {
      let window = windows[step % windows.count]
      let (loss, gradients) = valueWithGradient(
        of: Sequential {
          network
          output
        }
      ) {
        softmaxCrossEntropy(
          logits: output(network(text.vectors(window.inputs))), labels: window.targets)
      }
      guard loss.item().isFinite else { throw DivergenceError(epoch: step / windows.count + 1) }
      training.update(along: gradients)
      progress.advance(by: 1, label: name)
    }
    return TruncationCurve(name: name, before: before, after: steps > 0 ? bias() : before)
  }

  private func report(_ curve: TruncationCurve, _ console: Console) {
    console.write(
      "\(curve.name): window   cosine   norm ratio   (at the first weights)\n")
    for (after, before) in zip(curve.after, curve.before) {
      console.write(
        String(after.window).padded(to: curve.name.count + 8) + fixed(after.cosine, 4).padded(to: 9)
          + fixed(after.normRatio, 4).padded(to: 13)
          + "   (\(fixed(before.cosine, 4)), \(fixed(before.normRatio, 4)))\n")
    }
  }

  private func picture(of curves: [TruncationCurve]) -> String {
    func panel(_ title: String, _ value: (TruncationBias) -> Double) -> LineChart.Panel {
      LineChart.Panel(
        title: title,
        series: curves.flatMap { curve in
          [(curve.after, false), (curve.before, true)].map { biases, isDashed in
            LineChart.Series(
              name: curve.name, x: biases.map { log2(Double($0.window)) }, y: biases.map(value),
              isDashed: isDashed)
          }
        })
    }
    return LineChart(
      title: "The bias of truncated gradients",
      subtitle: "Passages of \(length) characters of Genesis, \(hidden) units, seed \(seed); "
        + "solid: after \(steps) steps of training, dotted: before",
      xTitle: "window, in steps",
      panels: [
        panel("Cosine to the whole gradient", \.cosine),
        panel("Norm over that of the whole gradient", \.normRatio),
      ], xText: { "\(1 << Int($0))" }
    ).svg()
  }
}

/// The bias of one network's truncated gradients, before and after training.
struct TruncationCurve {
  let name: String
  let before: [TruncationBias]
  let after: [TruncationBias]
}
