import Core
import LayerTesting
import Recurrent
import Testing

/// A user's own cell, complete.
struct LeakyCell: RecurrentCell {
  let candidate: Dense
  let hiddenSize: Int

  init(_ inputSize: Int, _ hiddenSize: Int) {
    candidate = Dense(inputSize + hiddenSize, hiddenSize, activation: .tanh)
    self.hiddenSize = hiddenSize
  }

  func initialState(batch: Int) -> Tensor { .zeros([batch, hiddenSize]) }

  func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) {
    let next = 0.7 * state + 0.3 * candidate(concatenated([x, state], along: -1))
    return (next, next)
  }
}

@Suite struct CellTests {
  static func random(_ shape: Shape, seed: UInt64 = 1, dtype: DType = .float64) -> Tensor {
    var generator = RandomGenerator(seed: seed)
    return .randomNormal(shape, dtype: dtype, using: &generator)
  }

  func check<Cell: RecurrentCell>(_ cell: Cell, inputs: Int = 3) throws {
    let state = cell.initialState(batch: 2)
    let tensors = state.tensors.indices.map {
      Self.random(state.tensors[$0].shape, seed: UInt64(10 + $0))
    }
    for parameter in cell.parameters {
      parameter.value = Self.random(parameter.shape, seed: 5, dtype: parameter.dtype) * 0.5
    }
    try checkGradients(of: cell, at: [Self.random([2, inputs])] + tensors, order: 2, positions: 12)
    {
      let next = cell((input: $0[0], state: Cell.State(tensors: Array($0.dropFirst()))))
      return concatenated([next.output] + next.state.tensors.map { 0.5 * $0 }, along: -1)
    }
  }

  @Test func `every cell's step has correct derivatives`() throws {
    try withRandom(seed: 2) {
      for activation in Activation.allCases where activation != .relu {
        for form in [ElmanCell.Form.activatedState, .linearState] {
          try check(ElmanCell(3, 4, activation: activation, form: form))
        }
      }
      for (peepholes, normalized) in [(false, false), (true, false), (false, true), (true, true)] {
        try check(LSTMCell(3, 4, hasPeepholes: peepholes, isNormalized: normalized))
      }
      try check(GRUCell(3, 4))
      try check(GRUCell(3, 4, form: .resetBefore, hasBias: false))
      try check(MinimalGatedCell(3, 4))
      try check(LeakyCell(3, 4))
    }
  }

  @Test func `layers of any cell keep the laws of layers`() throws {
    let x = Self.random([4, 3, 2], dtype: .float32)
    try withRandom(seed: 3) {
      try verify(layer: ElmanRNN(2, 3, layers: 2, bidirectional: true), at: x, batchAxis: 1)
      try verify(
        layer: LSTM(2, 3, layers: 2, dropout: 0.3, learnsInitialState: true), at: x, batchAxis: 1)
      try verify(layer: LSTM(2, 3, hasPeepholes: true), at: x, batchAxis: 1)
      try verify(layer: GRU(2, 3, bidirectional: true), at: x, batchAxis: 1)
      try verify(layer: MinimalGatedRNN(2, 3), at: x, batchAxis: 1)
      // Large enough for threads to share the batch.
      let large = Self.random([6, 17, 5], dtype: .float32)
      try verify(layer: LSTM(5, 60, bidirectional: true), at: large, batchAxis: 1, order: 0)
      try verify(
        layer: Unrolled(2, 3, layers: 2, bidirectional: true, learnsInitialState: true) {
          LeakyCell($0, $1)
        }, at: x, batchAxis: 1)
    }
  }

  @Test func `parameters have names that say where they are`() {
    let network = LSTM(2, 3, layers: 2, bidirectional: true, learnsInitialState: true)
    let names = network.namedParameters.map(\.name)
    #expect(names.count == 24)
    #expect(names.contains("forward.0.weights.input"))
    #expect(names.contains("backward.1.weights.recurrentBias"))
    #expect(names.contains("initial.3.1"))
  }

  @Test func `the two forms of the plain cell are one network`() {
    // Course document 003, question 1.1: g_t = σ(h_t) for all t when g_0 = σ(h_0).
    for seed in 0..<20 as Range<UInt64> {
      for activation in Activation.allCases {
        let (after, before) = (
          withRandom(seed: seed) { ElmanRNN(3, 5, activation: activation) },
          withRandom(seed: seed) { ElmanRNN(3, 5, activation: activation, form: .linearState) }
        )
        for network in [after, before] { network.convert(to: .float64) }
        let x = Self.random([7, 2, 3], seed: seed)
        let start = Self.random([2, 5], seed: seed + 100)
        let h = before(x, from: [start]).outputs
        func sigma(_ x: Tensor) -> Tensor {
          switch activation {
          case .identity: x
          case .relu: select(x .> 0, x, Tensor.zeros(like: x))
          case .tanh: tanh(x)
          case .sigmoid: sigmoid(x)
          case .softplus: softplus(x)
          }
        }
        let g = after(x, from: [sigma(start)]).outputs
        #expect(isClose(g, sigma(h)), "\(activation), seed \(seed)")
      }
    }
  }

  func isClose(_ a: Tensor, _ b: Tensor) -> Bool {
    a.shape == b.shape && ((a - b) * (a - b)).sum().item() <= 1e-20 * Double(max(a.count, 1))
  }

  @Test func `initial values and biases`() throws {
    let network = withRandom(seed: 1) { LSTM(4, 16, forgetBias: 1) }
    let weights = network.forward[0].weights
    #expect(weights.input.value.maximum().item() <= 0.25)
    let forget = try #require(weights.inputBias).value[16..<32]
    #expect(forget.minimum().item() >= 0.75)
    #expect(LSTM(4, 16, hasBias: false).namedParameters.count == 2)
    let orthogonal = GRU(4, 6, recurrentInitializer: .orthogonal())
    for gate in orthogonal.forward[0].weights.recurrent.value.split(count: 3) {
      try expectClose(
        matmul(gate, gate.transposed()), .identity(6), relative: 1e-5, absolute: 1e-5, "orthogonal")
    }
  }
}
