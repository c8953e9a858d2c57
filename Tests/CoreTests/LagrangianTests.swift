import Core
import LayerTesting
import Testing

/// A network to train, its data and its loss.
private struct Problem: Sendable, CustomStringConvertible {
  let description: String
  let stages: [any Layer<Tensor, Tensor> & Sendable]
  let input: Tensor
  let loss: @Sendable (Tensor) -> Tensor

  var lagrangian: Lagrangian {
    Lagrangian(of: stages.map { $0 as any Layer<Tensor, Tensor> }, at: input, loss: loss)
  }

  /// The stages as one ordinary model.
  var model: Stack { Stack(stages: stages) }

  /// The first so many stages replaced by a state.
  func rest(after count: Int, from state: Tensor) -> Tensor {
    loss(stages.dropFirst(count).reduce(state) { $1($0) })
  }
}

private struct Stack: Layer, Sendable {
  let stages: [any Layer<Tensor, Tensor> & Sendable]
  func callAsFunction(_ x: Tensor) -> Tensor { stages.reduce(x) { $1($0) } }
}

/// Rows of a table: a stage whose input cannot be differentiated.
private struct Lookup: Layer, Sendable {
  let table: Parameter
  func callAsFunction(_ x: Tensor) -> Tensor { table.value.gathered(at: x) }
}

/// Multiplies by random numbers near 1, drawn anew at each call.
private struct Noise: Layer, Sendable {
  func callAsFunction(_ x: Tensor) -> Tensor {
    guard Mode.current == .training else { return x }
    var generator = RandomGenerator.split()
    return x * (1 + 0.1 * Tensor.randomNormal(x.shape, dtype: x.dtype, using: &generator))
  }
}

private func normal(_ shape: Shape, seed: UInt64, dtype: DType = .float64) -> Tensor {
  var generator = RandomGenerator(seed: seed)
  return Tensor.randomNormal(shape, dtype: dtype, using: &generator)
}

private func dense(_ inputs: Int, _ outputs: Int, _ activation: Activation = .identity) -> Dense {
  let layer = withRandom(seed: UInt64(inputs * 31 + outputs)) {
    Dense(inputs, outputs, activation: activation)
  }
  layer.convert(to: .float64)
  layer.bias?.value = normal([outputs], seed: UInt64(outputs))
  return layer
}

private let shared = dense(4, 4, .tanh)
private let labels = Tensor([2, 0, 1] as [Int64])

private let problems: [Problem] = [
  Problem(
    description: "two logistic layers", stages: [dense(3, 4, .sigmoid), dense(4, 2, .sigmoid)],
    input: normal([3], seed: 1),
    loss: { meanSquaredError($0, Tensor([0.2, 0.9], dtype: .float64)) }),
  Problem(
    description: "a batch through four layers",
    stages: [
      dense(5, 4, .softplus), dense(4, 6, .tanh), Lambda { $0.reshaped([3, 3, 2]) },
      Lambda { $0.sum(along: 1) }, dense(2, 3),
    ],
    input: normal([3, 5], seed: 2), loss: { softmaxCrossEntropy(logits: $0, labels: labels) }),
  Problem(
    description: "a shared layer",
    stages: [dense(2, 4), shared, Lambda { sin($0) }, shared, shared, dense(4, 3)],
    input: normal([3, 2], seed: 3), loss: { softmaxCrossEntropy(logits: $0, labels: labels) }),
  Problem(
    description: "a table of rows",
    stages: [Lookup(table: Parameter(normal([5, 3], seed: 4))), dense(3, 3, .sigmoid)],
    input: Tensor([4, 0, 4] as [Int64]),
    loss: { softmaxCrossEntropy(logits: $0, labels: labels) }),
  Problem(
    description: "one stage", stages: [dense(3, 1)], input: normal([2, 3], seed: 5),
    loss: { square($0).sum() }),
]

@Suite struct LagrangianTests {
  @Test(arguments: problems)
  fileprivate func `the first condition is the forward pass`(problem: Problem) throws {
    let lagrangian = problem.lagrangian
    let states = lagrangian.states()
    #expect(states.last == problem.model(problem.input))
    for residual in lagrangian.residuals(states: states) {
      #expect(residual == Tensor.zeros(like: residual))
    }
    // At any states, ∂ℒ/∂λᵢ = −rᵢ: what vanishes is the derivative by the multipliers.
    let others = states.enumerated().map { normal($1.shape, seed: UInt64(10 + $0)) }
    let (_, slopes) = valueWithGradient(at: states.map { Tensor.zeros(like: $0) }) {
      lagrangian.value(states: others, multipliers: $0)
    }
    for (slope, residual) in zip(slopes, lagrangian.residuals(states: others)) {
      #expect(residual.norm().item() > 0.1)
      try expectClose(slope, -residual)
    }
  }

  @Test(arguments: problems)
  fileprivate func `where the first condition holds the Lagrangian is the loss`(
    problem: Problem
  ) throws {
    let lagrangian = problem.lagrangian
    let states = lagrangian.states()
    let loss = problem.loss(problem.model(problem.input))
    for seed in 20..<25 as Range<UInt64> {
      let multipliers = states.enumerated().map {
        1e3 * normal($1.shape, seed: seed * 100 + UInt64($0))
      }
      #expect(lagrangian.value(states: states, multipliers: multipliers) == loss)
      // Elsewhere it is not, and depends on them.
      let others = states.map { $0 + 0.1 }
      let elsewhere = lagrangian.value(states: others, multipliers: multipliers)
      #expect(abs(elsewhere.item() - problem.loss(others.last!).item()) > 1e-3)
    }
  }

  @Test(arguments: problems)
  fileprivate func `the multipliers make the derivatives by the states vanish`(
    problem: Problem
  ) throws {
    let lagrangian = problem.lagrangian
    let point = lagrangian.stationaryPoint()
    let (value, slopes) = valueWithGradient(at: point.states) {
      lagrangian.value(states: $0, multipliers: point.multipliers)
    }
    #expect(value == point.loss)
    for slope in slopes { try expectClose(slope, Tensor.zeros(like: slope)) }
    // Off by δ, the derivative by the last state is −δ.
    let moved = point.multipliers.map { $0 + 1 }
    let (_, others) = valueWithGradient(at: point.states) {
      lagrangian.value(states: $0, multipliers: moved)
    }
    try expectClose(others.last!, -Tensor.ones(like: others.last!))
  }

  @Test(arguments: problems)
  fileprivate func `a multiplier is the total derivative of the loss by its state`(
    problem: Problem
  ) throws {
    let point = problem.lagrangian.stationaryPoint()
    #expect(point.multipliers.map(\.shape) == point.states.map(\.shape))
    for (index, state) in point.states.enumerated() {
      let total = gradient(at: state) { problem.rest(after: index + 1, from: $0) }
      try expectClose(point.multipliers[index], total)
      // Seen as a sensitivity: a constraint moved by ε moves the loss by λᵀ ε.
      let step = 1e-5 * normal(state.shape, seed: 7)
      let up = problem.rest(after: index + 1, from: state + step).item()
      let down = problem.rest(after: index + 1, from: state - step).item()
      let predicted = (point.multipliers[index] * step).sum().item()
      #expect(abs((up - down) / 2 - predicted) < 1e-12)
    }
  }

  @Test(arguments: problems)
  fileprivate func `the derivatives by the parameters are the gradient of the loss`(
    problem: Problem
  ) throws {
    let (lagrangian, model) = (problem.lagrangian, problem.model)
    let point = lagrangian.stationaryPoint()
    let (loss, gradients) = valueWithGradient(of: model) { problem.loss(model(problem.input)) }
    // With the states and the multipliers held, which is what ∂ℒ/∂w means.
    let (_, partial) = valueWithGradient(of: model) {
      lagrangian.value(states: point.states, multipliers: point.multipliers)
    }
    #expect(point.loss == loss)
    #expect(point.gradients.named.count == model.parameters.count)
    for (name, parameter) in model.namedParameters {
      try expectClose(point.gradients[parameter]!, gradients[parameter]!, relative: 1e-13, name)
      try expectClose(partial[parameter]!, gradients[parameter]!, relative: 1e-12, name)
    }
  }

  @Test func `the closed forms of two logistic layers and cross-entropy`() throws {
    let (hidden, output) = (dense(3, 4, .sigmoid), dense(4, 1, .sigmoid))
    for target in [0.0, 1.0] {
      let (x, y) = (normal([1, 3], seed: 31), Tensor([[target]], dtype: .float64))
      let point = Lagrangian(of: [hidden, output], at: x) {
        binaryCrossEntropy(probabilities: $0, targets: y)
      }.stationaryPoint()
      // The derivation, with states as rows:
      let z1 = sigmoid(matmul(x, hidden.weight.value.transposed()) + hidden.bias!.value)
      let z2 = sigmoid(matmul(z1, output.weight.value.transposed()) + output.bias!.value)
      let error = z2 - y
      let back = matmul(error, output.weight.value) * z1 * (1 - z1)
      try expectClose(point.loss, -(y * log(z2) + (1 - y) * log(1 - z2)).mean())
      try expectClose(point.multipliers[1], error / (z2 * (1 - z2)), "λ₂")
      try expectClose(point.multipliers[0], matmul(error, output.weight.value), "λ₁")
      let gradients = point.gradients
      try expectClose(gradients[output.weight]!, matmul(error.transposed(), z1), "W₂")
      try expectClose(gradients[output.bias!]!, error.reshaped([1]), "b₂")
      try expectClose(gradients[hidden.weight]!, matmul(back.transposed(), x), "W₁")
      try expectClose(gradients[hidden.bias!]!, back.reshaped([4]), "b₁")
    }
  }

  @Test func `training with it is ordinary training, bit for bit`() {
    func makeModel() -> Sequential<some Layer<Tensor, Tensor> & Sendable> {
      withRandom(seed: 3) {
        Sequential {
          Dense(6, 8, activation: .softplus)
          Noise()
          Dense(8, 8, activation: .sigmoid)
          Dense(8, 3)
        }
      }
    }
    let (first, second) = (makeModel(), makeModel())
    var (ordinary, constrained) = (
      Optimizing(first, with: HeavyBall()), Optimizing(second, with: HeavyBall())
    )
    let x = normal([3, 6], seed: 8, dtype: .float32)
    var losses: [Double] = []
    for step in 0..<30 as Range<UInt64> {
      let (loss, gradients) = withRandom(seed: step) {
        valueWithGradient(of: first) { softmaxCrossEntropy(logits: first(x), labels: labels) }
      }
      ordinary.update(along: gradients)
      let point = withRandom(seed: step) {
        Lagrangian(of: second, at: x) { softmaxCrossEntropy(logits: $0, labels: labels) }
          .stationaryPoint()
      }
      constrained.update(along: point.gradients)
      #expect(point.loss == loss)
      losses.append(loss.item())
    }
    for (a, b) in zip(first.parameters, second.parameters) { #expect(a.value == b.value) }
    #expect(losses.last! < 0.5 * losses[0])
  }

  @Test func `frozen parameters are constants`() {
    let (first, second) = (dense(3, 4, .tanh), dense(4, 1))
    second.weight.isFrozen = true
    defer { second.weight.isFrozen = false }
    let point = Lagrangian(of: [first, second], at: normal([2, 3], seed: 9)) { $0.sum() }
      .stationaryPoint()
    #expect(point.gradients[second.weight] == nil)
    #expect(point.gradients.named.map(\.name) == ["0.weight", "0.bias", "1.bias"])
    #expect(point.multipliers[0].norm().item() > 0)
  }

  @Test func `a loss that ignores the last state has multipliers of zero`() {
    let problem = problems[1]
    let point = Lagrangian(of: problem.lagrangian.stages, at: problem.input) { _ in Tensor(3) }
      .stationaryPoint()
    #expect(point.loss == Tensor(3))
    for multiplier in point.multipliers { #expect(multiplier == Tensor.zeros(like: multiplier)) }
  }

  @Test func `the mode reaches the stages`() {
    let x = Tensor.ones([4, 100])
    func state(_ mode: Mode) -> Tensor {
      withRandom(seed: 1) {
        Lagrangian(of: [Noise()], at: x) { $0.sum() }.stationaryPoint(mode: mode).states[0]
      }
    }
    #expect(state(.inference) == x && state(.training) != x)
  }

  @Test func `it can be differentiated, by the input and by the parameters`() throws {
    let stages = [dense(2, 3, .tanh), dense(3, 2, .sigmoid)]
    let model = Stack(stages: stages)
    let target = normal([3, 2], seed: 12)
    func energy(_ x: Tensor) -> Tensor {
      let point = Lagrangian(of: stages, at: x) { meanSquaredError($0, target) }.stationaryPoint()
      return point.gradients.norm + point.multipliers[0].sum() + point.states[0].mean()
        + point.loss
    }
    func reference(_ x: Tensor) -> Tensor {
      let (loss, gradients) = valueWithGradient(of: model) { meanSquaredError(model(x), target) }
      let state = stages[0](x)
      let multiplier = gradient(at: state) { meanSquaredError(stages[1]($0), target) }
      return gradients.norm + multiplier.sum() + state.mean() + loss
    }
    let x = normal([3, 2], seed: 13)
    try expectClose(gradient(at: x, energy), gradient(at: x, reference))
    try expectClose(hessian(at: x, energy), hessian(at: x, reference), relative: 1e-8)
    let (_, found) = valueWithGradient(of: model) { energy(x) }
    let (_, expected) = valueWithGradient(of: model) { reference(x) }
    for (name, parameter) in model.namedParameters {
      try expectClose(found[parameter]!, expected[parameter]!, name)
    }
    try checkGradients(of: energy, at: x)
    try checkGradients(of: model, at: [x]) { energy($0[0]) }
  }

  @Test func `misuse is named`() async {
    func text(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Lagrangian(of: [], at: Tensor(1)) { $0 }
    }
    #expect(text(none).contains("Lagrangian: there are no stages"))
    let misshapen = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let lagrangian = Lagrangian(of: [Dense(2, 3)], at: Tensor([1, 2])) { $0.sum() }
      _ = lagrangian.value(states: lagrangian.states(), multipliers: [Tensor([1, 2])])
    }
    #expect(text(misshapen).contains("multipliers of shapes [[2]] do not fit"))
    let foreign = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Counting: Layer {
        func callAsFunction(_ x: Tensor) -> Int { x.count }
      }
      struct Filling: Layer {
        func callAsFunction(_ count: Int) -> Tensor { Tensor.ones([count]) }
      }
      let model = Sequential {
        Counting()
        Filling()
      }
      _ = Lagrangian(of: model, at: Tensor([1, 2])) { $0.sum() }
    }
    #expect(text(foreign).contains("layer 0, Counting, does not take a tensor to a tensor"))
  }
}
