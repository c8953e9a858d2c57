import Core
import LayerTesting
import Recurrent
import Testing

/// Course document 004, question 1.
@Suite struct ThroughTimeTests {
  struct Problem {
    let w, u, v, x, z, start: Tensor

    init(seed: UInt64, time: Int = 6) {
      func random(_ shape: Shape, _ offset: UInt64) -> Tensor {
        CellTests.random(shape, seed: 10 * seed + offset)
      }
      (w, u, v) = (random([5, 3], 0), random([5, 5], 1), random([2, 5], 2))
      (x, z, start) = (random([time, 3], 3), random([time, 2], 4), random([5], 5))
    }

    func written(window: Int? = nil) -> BackpropagationThroughTime {
      BackpropagationThroughTime(
        inputWeight: w, recurrentWeight: u, outputWeight: v, inputs: x, targets: z,
        initialState: start, window: window)
    }

    /// The same network as a layer.
    func network() -> ElmanRNN {
      let network = ElmanRNN(3, 5, activation: .sigmoid, hasBias: false)
      network.convert(to: .float64)
      network.forward[0].weights.input.value = w
      network.forward[0].weights.recurrent.value = u
      return network
    }

    func loss(_ h: Tensor) -> Tensor {
      let errors = z - matmul(h.reshaped([-1, 5]), v.transposed())
      return (errors * errors).sum()
    }

    var sequence: Tensor { x.expandingShape(at: 1) }
    var startState: [Tensor] { [start.expandingShape(at: 0)] }
  }

  @Test func `what is written out is the automatic gradient`() throws {
    for seed in 0..<10 as Range<UInt64> {
      let problem = Problem(seed: seed)
      let written = problem.written()
      let network = problem.network()
      let (loss, gradients) = valueWithGradient(of: network) {
        problem.loss(network(problem.sequence, from: problem.startState).outputs)
      }
      let weights = network.forward[0].weights
      try expectClose(written.loss, loss, relative: 1e-12, absolute: 1e-12, "L")
      for (name, a, b) in [
        ("∇_W L", written.inputWeight, gradients[weights.input]!),
        ("∇_U L", written.recurrentWeight, gradients[weights.recurrent]!),
        (
          "∇_V L", written.outputWeight,
          gradient(at: problem.v) { v in
            let h = network(problem.sequence, from: problem.startState).outputs
            let errors = problem.z - matmul(h.reshaped([-1, 5]), v.transposed())
            return (errors * errors).sum()
          }
        ),
      ] {
        try expectClose(a, b, relative: 1e-11, absolute: 1e-11, name)
      }
    }
  }

  @Test func `the recursion gives the gradients of the states`() throws {
    let problem = Problem(seed: 4)
    let written = problem.written()
    // ∇_{h_t} L: how L changes when h_t does, everything after it following.
    for t in 0..<6 {
      let expected = gradient(at: written.states[t]) { h in
        var (state, total) = (h, Tensor.zeros([], dtype: .float64))
        for s in t..<6 {
          if s > t { state = sigmoid(matmul(problem.w, problem.x[s]) + matmul(problem.u, state)) }
          let error = problem.z[s] - matmul(problem.v, state)
          total = total + (error * error).sum()
        }
        return total
      }
      try expectClose(
        written.stateGradients[t], expected, relative: 1e-11, absolute: 1e-11, "∇_h L at \(t)")
      let local = gradient(at: written.states[t]) { h in
        let error = problem.z[t] - matmul(problem.v, h)
        return (error * error).sum()
      }
      try expectClose(
        written.localGradients[t], local, relative: 1e-11, absolute: 1e-11, "∇_h L_t at \(t)")
      let before = t == 0 ? problem.start : written.states[t - 1]
      let jacobian = jacobian(at: before) {
        sigmoid(matmul(problem.w, problem.x[t]) + matmul(problem.u, $0))
      }
      try expectClose(
        written.stepJacobians[t], jacobian, relative: 1e-11, absolute: 1e-11, "∂h at \(t)")
    }
  }

  @Test func `truncated, too`() throws {
    let problem = Problem(seed: 2, time: 7)
    for window in [1, 2, 3, 7] {
      let written = problem.written(window: window)
      let network = problem.network()
      let gradients = valueWithGradient(of: network) {
        problem.loss(
          network.truncated(every: window)(problem.sequence, from: problem.startState).outputs)
      }.gradients
      let weights = network.forward[0].weights
      try expectClose(
        written.recurrentWeight, gradients[weights.recurrent]!, relative: 1e-11, absolute: 1e-11,
        "∇_U L, windows of \(window)")
      try expectClose(
        written.inputWeight, gradients[weights.input]!, relative: 1e-11, absolute: 1e-11,
        "∇_W L, windows of \(window)")
    }
  }

  @Test func `the bias of truncation goes away as the window grows`() {
    let problem = Problem(seed: 3, time: 16)
    let network = problem.network()
    let biases = truncationBias(of: network, on: problem.sequence, windows: [1, 4, 16]) {
      problem.loss($0)
    }
    #expect(biases.map(\.window) == [1, 4, 16])
    #expect(biases[0].cosine < 0.999_9)
    #expect(abs(biases[2].cosine - 1) < 1e-12 && abs(biases[2].normRatio - 1) < 1e-12)
    #expect(biases[0].cosine < biases[1].cosine)
  }

  /// A target that depends on the distant past alone: to a short window its gradient is not there.
  @Test func `a short window does not see a long dependency`() {
    let network = withRandom(seed: 2) { LSTM(2, 4) }
    network.convert(to: .float64)
    let x = CellTests.random([12, 3, 2], seed: 5)
    let seen = gradient(at: x) { network.truncated(every: 4)($0)[11].sum() }
    #expect(abs(seen[0..<8]).sum().item() == 0)
    #expect(abs(seen[8..<12]).sum().item() > 0)
  }
}
