import Core
import LayerTesting
import Recurrent
import Testing

/// The kernels against the same cell step by step.
@Suite struct FusedTests {
  struct Sizes: Sendable, CustomStringConvertible {
    let time, batch, inputs, hidden: Int
    var lengths: SequenceLengths? = nil
    var reversed = false
    var description: String {
      "T\(time) B\(batch) I\(inputs) H\(hidden)\(reversed ? " reversed" : "")\(lengths.map { " \($0.values)" } ?? "")"
    }
  }

  static let sizes = [
    Sizes(time: 1, batch: 1, inputs: 1, hidden: 1),
    Sizes(time: 1, batch: 5, inputs: 3, hidden: 7),
    Sizes(time: 4, batch: 1, inputs: 3, hidden: 17),
    Sizes(time: 4, batch: 2, inputs: 3, hidden: 8, reversed: true),
    Sizes(time: 5, batch: 3, inputs: 2, hidden: 5, lengths: [2, 5, 0]),
    Sizes(time: 5, batch: 4, inputs: 2, hidden: 19, lengths: [2, 5, 0, 3], reversed: true),
    Sizes(time: 3, batch: 13, inputs: 16, hidden: 33),
    Sizes(time: 2, batch: 7, inputs: 5, hidden: 400),
    Sizes(time: 20, batch: 21, inputs: 40, hidden: 50, reversed: true),
    Sizes(time: 3, batch: 0, inputs: 2, hidden: 4),
  ]

  func check<Cell: RecurrentCell>(_ cell: Cell, _ size: Sizes, _ dtype: DType) throws {
    cell.convert(to: dtype)
    let x = CellTests.random([size.time, size.batch, size.inputs], seed: 3, dtype: dtype)
    let start = cell.initialState(batch: size.batch).tensors.enumerated().map {
      CellTests.random($1.shape, seed: UInt64(7 + $0), dtype: dtype)
    }
    func results(_ fused: Bool) -> [(String, Tensor)] {
      let group = ParameterGroup(cell.parameters + ([x] + start).map(Parameter.init))
      let inputs = Array(group.parameters.suffix(1 + start.count))
      let (_, gradients, outputs) = valueWithGradient(of: group) {
        let state = Cell.State(tensors: inputs.dropFirst().map(\.value))
        let (y, end) =
          fused
          ? cell.sequence(
            inputs[0].value, from: state, reversed: size.reversed, lengths: size.lengths)
          : cell.stepped(
            inputs[0].value, from: state, reversed: size.reversed, lengths: size.lengths)
        let all = [y] + end.tensors
        let loss = all.enumerated().reduce(Tensor.zeros([], dtype: dtype)) {
          $0
            + ($1.element
            * CellTests.random(
              $1.element.shape, seed: UInt64(30 + $1.offset), dtype: dtype)).sum()
        }
        return (loss, all)
      }
      return outputs.map { ("output", $0) } + gradients.named.map { ($0.name, $0.gradient) }
    }
    let tolerance = dtype == .float64 ? 1e-11 : 2e-4
    for ((name, a), (_, b)) in zip(results(true), results(false)) {
      let scale = max(1, b.count == 0 ? 1 : abs(b).maximum().item())
      try expectClose(
        a, b, relative: tolerance, absolute: tolerance * scale, "\(name) of \(Cell.self), \(size)")
    }
  }

  @Test(arguments: [DType.float64, .float32])
  func `kernels agree with steps`(_ dtype: DType) throws {
    for size in Self.sizes {
      try withRandom(seed: 11) {
        for activation in [Activation.identity, .relu, .tanh, .sigmoid] {
          try check(ElmanCell(size.inputs, size.hidden, activation: activation), size, dtype)
        }
        try check(LSTMCell(size.inputs, size.hidden), size, dtype)
        try check(GRUCell(size.inputs, size.hidden), size, dtype)
        try check(GRUCell(size.inputs, size.hidden, hasBias: false), size, dtype)
      }
    }
  }

  @Test func `mixed types go step by step`() throws {
    let network = withRandom(seed: 1) { LSTM(2, 3) }
    let x = CellTests.random([3, 2, 2])
    #expect(network(x).dtype == .float64)
    let single = network(x.cast(to: .float32))
    try expectClose(
      network(x).cast(to: .float32), single, relative: 1e-5, absolute: 1e-5, "in float64")
  }
}

/// Parameters as a model.
struct ParameterGroup: Layer {
  let parameters: [Parameter]
  init(_ parameters: [Parameter]) { self.parameters = parameters }
  func callAsFunction(_ x: Tensor) -> Tensor { x }
}
