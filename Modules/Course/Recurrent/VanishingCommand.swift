import Core
import Foundation
import Recurrent

/// `course vanishing`: gradients over time.
struct VanishingCommand: Subcommand {
  static let name = "vanishing"
  static let summary =
    "How gradients vanish or explode over time, with the bound, and what gates change (document 003, 1)."
  static let discussion = """
    For the plain cell g_t = σ(W g_{t−1} + U x_t + b), with |σ′| ≤ γ and ‖W‖ = δ/γ, the norm of \
    ∂g_T/∂g_0 is at most δ to the power T. The picture shows the exact norm, the greatest of some \
    passages of Genesis read character by character, and the bound as a dotted line: for W = δ/γ \
    times an orthogonal matrix, which stretches every direction alike, and for a random matrix of \
    that norm, which shrinks most of them. With δ > 1 gradients may explode, but need not.

    The third panel has cells with PyTorch's first weights. A gate near 1 carries the state on as it \
    is, so that its Jacobian is near the identity: there a bias of the gate decides how long \
    gradients live.
    """
  static let examples = ["--activation sigmoid", "--length 100 --hidden 16"]

  @Option("COUNT", "The greatest T.", .integer(1...10_000))
  var length = 60
  @Option("COUNT", "Units of a cell.", .integer(1...1000))
  var hidden = 24
  @Option("COUNT", "Passages.", .integer(1...1000))
  var passages = 4
  @Option("NAME", "σ of the plain cell: tanh, sigmoid or relu.", .choice)
  var activation = ActivationChoice.tanh
  @Option("NUMBER", "Fixes the weights.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  static let deltas = [0.5, 0.9, 1.0, 1.1, 2.0]

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    let text = try CharacterStreams()
    guard let window = text.windows(batch: passages, length: length).first else {
      throw OptionError("--passages: Genesis is too short for \(passages)")
    }
    let x = text.vectors(window.inputs, dtype: .float64)
    let (orthogonal, random, gated) = withRandom(seed: seed) {
      (
        plainCurves(on: x) { .orthogonal(gain: $0) }, plainCurves(on: x) { .spectralNorm($0) },
        gatedCurves(on: x)
      )
    }
    report("orthogonal W", orthogonal, console)
    report("random W", random, console)
    report("gates", gated, console)
    let path = OutputFile.path(output, "vanishing-gradients.svg")
    let picture = LineChart(
      title: "The gradient of the state after T steps",
      subtitle: "\(hidden) units, greatest of \(passages) passages of Genesis, seed \(seed); "
        + "dotted: the bound",
      xTitle: "T",
      panels: [
        panel("Plain cell, \(activation), W = δ/γ · orthogonal", orthogonal, Palette.ordered),
        panel("Plain cell, \(activation), random W of norm δ/γ", random, Palette.ordered),
        panel("PyTorch's first weights", gated) { index, _ in Palette.series[index] },
      ])
    try OutputFile.write(picture.svg(), to: path)
    console.write("picture: \(path)\n")
  }

  /// Plain cells with ‖W‖ = δ/γ.
  private func plainCurves(on x: Tensor, _ initializer: (Double) -> Initializer) -> [VanishingCurve]
  {
    let sigma = activation.activation
    return Self.deltas.map { delta in
      let cell = ElmanCell(
        x.shape[2], hidden, activation: sigma,
        recurrentInitializer: initializer(delta / sigma.greatestSlope))
      return VanishingCurve("δ = \(delta)", cell, on: x)
    }
  }

  private func gatedCurves(on x: Tensor) -> [VanishingCurve] {
    let inputs = x.shape[2]
    let biased = GRUCell(inputs, hidden)
    // z near 1 keeps the state.
    if let bias = biased.weights.inputBias {
      let zeros = Tensor.zeros([hidden])
      bias.value = bias.value + concatenated([zeros, Tensor.full([hidden], 3), zeros])
    }
    return [
      VanishingCurve("tanh", ElmanCell(inputs, hidden), on: x),
      VanishingCurve("LSTM", LSTMCell(inputs, hidden), on: x),
      VanishingCurve("LSTM, f +3", LSTMCell(inputs, hidden, forgetBias: 3), on: x),
      VanishingCurve("GRU", GRUCell(inputs, hidden), on: x),
      VanishingCurve("GRU, z +3", biased, on: x),
    ]
  }

  private func report(_ title: String, _ curves: [VanishingCurve], _ console: Console) {
    let last = curves.first?.norms.count ?? 0
    console.write("\(title): ‖∂g_T/∂g_0‖ at T = \(last)\n")
    for curve in curves {
      var line =
        "  \(curve.name.filled(to: 10))  \(scientific(curve.norms.last ?? .nan).padded(to: 9))"
      if let bound = curve.bounds?.last, let tightness = curve.tightness {
        line += "   bound \(scientific(bound).padded(to: 9))"
        line += "   at most \(fixed(tightness, 4)) of it at any T"
      }
      console.write(line + "   \(fixed(curve.pace, 3)) a step\n")
    }
  }

  private func panel(
    _ title: String, _ curves: [VanishingCurve], _ color: (_ index: Int, _ count: Int) -> String
  ) -> LineChart.Panel {
    let times = (1...length).map(Double.init)
    func series(_ index: Int, _ values: [Double], isDashed: Bool) -> LineChart.Series {
      LineChart.Series(
        name: curves[index].name, x: times, y: values, color: color(index, curves.count),
        isDashed: isDashed)
    }
    return LineChart.Panel(
      title: title,
      series: curves.indices.flatMap { index in
        [series(index, curves[index].norms, isDashed: false)]
          + (curves[index].bounds.map { [series(index, $0, isDashed: true)] } ?? [])
      }, isLogarithmic: true)
  }

  /// The functions that `--activation` names.
  enum ActivationChoice: String, CaseIterable {
    case tanh, sigmoid, relu

    var activation: Activation {
      switch self {
      case .tanh: .tanh
      case .sigmoid: .sigmoid
      case .relu: .relu
      }
    }
  }
}
