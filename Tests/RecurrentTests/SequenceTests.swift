import Core
import LayerTesting
import Recurrent
import Testing

@Suite struct SequenceTests {
  func random(_ shape: Shape, seed: UInt64 = 1, dtype: DType = .float64) -> Tensor {
    CellTests.random(shape, seed: seed, dtype: dtype)
  }

  func networks() -> [(String, Unrolled<ElmanCell>)] {
    Activation.allCases.map { ("\($0)", ElmanRNN(3, 4, activation: $0, layers: 2)) }
  }

  /// The whole sequence is one step after the other, states included.
  func checkSteps<Cell: RecurrentCell>(_ network: Unrolled<Cell>) throws {
    network.convert(to: .float64)
    let x = random([6, 2, 3])
    let (whole, final) = network(x)
    var states = network.initialStates(batch: 2, dtype: .float64)
    for time in 0..<6 {
      let (output, next) = network.step(x[time], from: states)
      states = next
      try expectClose(output, whole[time], relative: 1e-12, absolute: 1e-12, "step \(time)")
    }
    for (a, b) in zip(states, final) {
      for (a, b) in zip(a.tensors, b.tensors) {
        try expectClose(a, b, relative: 1e-12, absolute: 1e-12, "the final state")
      }
    }
    // In two parts, the state handed over.
    let (head, middle) = network(x[0..<2])
    let (tail, _) = network(x[2..<6], from: middle)
    try expectClose(
      concatenated([head, tail]), whole, relative: 1e-12, absolute: 1e-12, "in two parts")
  }

  @Test func `a sequence is its steps`() throws {
    for (_, network) in networks() { try checkSteps(network) }
    try checkSteps(ElmanRNN(3, 4, form: .linearState, layers: 2))
    try checkSteps(LSTM(3, 4, layers: 2, dropout: 0.5))
    try checkSteps(LSTM(3, 4, hasPeepholes: true, isNormalized: true))
    try checkSteps(GRU(3, 4, layers: 3))
    try checkSteps(GRU(3, 4, form: .resetBefore))
    try checkSteps(MinimalGatedRNN(3, 4, layers: 2))
    try checkSteps(Unrolled(3, 4, layers: 2, learnsInitialState: true) { LeakyCell($0, $1) })
  }

  /// Padding changes nothing: each sequence is what it is alone.
  func checkLengths<Cell: RecurrentCell>(_ network: Unrolled<Cell>) throws {
    network.convert(to: .float64)
    let lengths = [4, 1, 6, 3]
    let x = random([6, 4, 3])
    let start = network.initialStates(batch: 4, dtype: .float64).enumerated().map { index, state in
      state.mapped { random($0.shape, seed: UInt64(20 + index)) }
    }
    let (outputs, final) = network(x, from: start, lengths: SequenceLengths(lengths))
    for (index, length) in lengths.enumerated() {
      let own = start.map { $0.mapped { $0[index..<(index + 1)] } }
      let (alone, end) = network(x[0..<length, index..<(index + 1)], from: own)
      try expectClose(
        outputs[0..<length, index..<(index + 1)], alone, relative: 1e-12, absolute: 1e-12,
        "sequence \(index)")
      #expect(abs(outputs[length..<6, index]).sum().item() == 0)
      for (a, b) in zip(final, end) {
        for (a, b) in zip(a.tensors, b.tensors) {
          try expectClose(
            a[index..<(index + 1)], b, relative: 1e-12, absolute: 1e-12, "state \(index)")
        }
      }
    }
    try checkGradients(of: network, at: [x] + start.flatMap(\.tensors), order: 2, positions: 3) {
      let count = start[0].tensors.count
      let rest = Array($0.dropFirst())
      let states = stride(from: 0, to: rest.count, by: count).map {
        Cell.State(tensors: Array(rest[$0..<($0 + count)]))
      }
      let (y, final) = network($0[0], from: states, lengths: SequenceLengths(lengths))
      return (y * y).sum()
        + final.flatMap(\.tensors).reduce(Tensor.zeros([], dtype: .float64)) {
          $0 + exp(0.3 * $1).sum()
        }
    }
  }

  @Test func `a padded sequence is what it is alone`() throws {
    try withRandom(seed: 5) {
      try checkLengths(ElmanRNN(3, 4, layers: 2, bidirectional: true))
      try checkLengths(LSTM(3, 4, layers: 2, bidirectional: true))
      try checkLengths(GRU(3, 4, bidirectional: true))
      try checkLengths(Unrolled(3, 4, layers: 2, bidirectional: true) { LeakyCell($0, $1) })
    }
  }

  @Test func `the mask of lengths`() {
    let mask = SequenceLengths([2, 0, 3]).mask(times: 3)
    #expect(
      mask.cast(to: .float32)
        == Tensor([[1, 0, 1], [1, 0, 1], [0, 0, 1]]))
  }

  @Test func `truncation keeps values and cuts gradients`() throws {
    let network = withRandom(seed: 4) { LSTM(3, 4, layers: 2) }
    network.convert(to: .float64)
    let x = random([7, 2, 3])
    let (whole, state) = network(x)
    for steps in [1, 3, 7, 9] {
      let (y, final) = network.truncated(every: steps)(x, from: nil)
      try expectClose(y, whole, relative: 1e-12, absolute: 1e-12, "windows of \(steps)")
      try expectClose(
        final[1].cell, state[1].cell, relative: 1e-12, absolute: 1e-12, "the final state")
      // The last output depends on the inputs of its own window alone.
      let gradient = gradient(at: x) { network.truncated(every: steps)($0)[6].sum() }
      let from = 6 / steps * steps
      for time in 0..<7 {
        #expect((abs(gradient[time]).sum().item() > 0) == (time >= from))
      }
    }
    let whole2 = gradient(at: x) { network($0)[6].sum() }
    let long = gradient(at: x) { network.truncated(every: 7)($0)[6].sum() }
    try expectClose(long, whole2, relative: 1e-12, absolute: 1e-12, "a window of everything")
  }

  @Test func `dropout acts between layers while training`() {
    let network = withRandom(seed: 4) { GRU(3, 8, layers: 2, dropout: 0.5) }
    let x = random([4, 2, 3], dtype: .float32)
    #expect(network(x) == network(x))
    let drawn = (0..<2).map { seed in
      inMode(.training) { withRandom(seed: UInt64(seed)) { network(x) } }
    }
    #expect(drawn[0] != drawn[1])
    let one = withRandom(seed: 4) { GRU(3, 8, dropout: 0.5) }
    #expect(inMode(.training) { one(x) } == one(x))
  }

  @Test func `misuse traps`() async {
    await #expect(processExitsWith: .failure) { _ = LSTM(2, 3)(Tensor.zeros([4])) }
    await #expect(processExitsWith: .failure) { _ = LSTM(2, 3)(Tensor.zeros([0, 2, 2])) }
    await #expect(processExitsWith: .failure) {
      _ = GRU(2, 3)(Tensor.zeros([4, 2, 2]), lengths: [5, 1])
    }
    await #expect(processExitsWith: .failure) {
      _ = GRU(2, 3, bidirectional: true).truncated(every: 3)
    }
    await #expect(processExitsWith: .failure) {
      _ = GRU(2, 3)(Tensor.zeros([4, 2, 2]), from: [])
    }
  }
}
