import Core
import LayerTesting
import Testing

/// The design's example of a user's own rule.
struct SignDescent: Optimizer {
  var learningRate = 1e-3
  func initialState(for parameter: Tensor) {}
  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
  ) -> Tensor {
    sign(gradient) * learningRate
  }
}

/// Heavy ball, with a memory.
struct HeavyBall: Optimizer {
  var learningRate = 0.05
  func initialState(for parameter: Tensor) -> Tensor { Tensor.zeros(like: parameter) }
  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Tensor, at iteration: Int
  ) -> Tensor {
    state = 0.9 * state + gradient
    return learningRate * state
  }
}

/// A rule with a mistake in it.
private struct Faulty: Optimizer {
  enum Mistake: CaseIterable { case shape, dtype, drift, update, ascent, growingState }
  let mistake: Mistake
  func initialState(for parameter: Tensor) -> Tensor { Tensor.zeros(like: parameter) }
  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Tensor, at iteration: Int
  ) -> Tensor {
    switch mistake {
    case .shape: return gradient.expandingShape(at: 0) * 0.1
    case .dtype: return gradient.cast(to: .float64) * 0.1
    case .drift: return gradient * 0.1 + 1e-3
    case .update: return gradient * 0.1
    case .ascent: return gradient * -0.1
    case .growingState:
      state = stacked([state, state])
      return gradient * 0.1
    }
  }
  func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout Tensor, at iteration: Int
  ) {
    let step = step(for: gradient, of: parameter, state: &state, at: iteration)
    parameter -= mistake == .update ? 2 * step : step
  }
}

@Suite struct OptimizingTests {
  @Test func `rules of one's own keep the laws`() throws {
    try verify(optimizer: SignDescent())
    try verify(optimizer: HeavyBall(), steps: 200)
  }

  @Test(arguments: Faulty.Mistake.allCases)
  fileprivate func `a mistake in a rule is caught and named`(mistake: Faulty.Mistake) throws {
    let error = try #require(throws: ConformanceError.self) {
      try verify(optimizer: Faulty(mistake: mistake))
    }
    let words: [Faulty.Mistake: String] = [
      .shape: "shape and type", .dtype: "shape and type", .drift: "gradient of 0",
      .update: "update subtracts the step", .ascent: "convex quadratic",
      .growingState: "keeps its shapes",
    ]
    #expect(error.description.contains(words[mistake]!), "\(error)")
  }

  @Test func `an update subtracts the step from what is not frozen`() throws {
    let model = Dense(weight: Parameter(Tensor([[1, -2]])), bias: Parameter(Tensor([5])))
    model.bias!.isFrozen = true
    var training = Optimizing(model, with: SignDescent(learningRate: 0.25))
    let (_, gradients) = valueWithGradient(of: model) { square(model(Tensor([[1, 1]]))).sum() }
    training.update(along: gradients)
    try expectClose(model.weight.value, Tensor([[0.75, -2.25]]))
    #expect(model.bias!.value == Tensor([5]) && training.iteration == 1)
    training.rule.learningRate = 0
    training.update(along: gradients)
    try expectClose(model.weight.value, Tensor([[0.75, -2.25]]))
    #expect(training.iteration == 2)
  }

  @Test func `each parameter has a state of its own`() throws {
    let model = Dense(weight: Parameter(Tensor([[1]])), bias: Parameter(Tensor([1])))
    var training = Optimizing(model, with: HeavyBall())
    let x = Tensor([[2]])
    for _ in 0..<2 {
      training.update(along: valueWithGradient(of: model) { model(x).sum() }.gradients)
    }
    // v₁ = g, v₂ = 1.9 g
    try expectClose(training[state: model.weight]!, Tensor([[3.8]]))
    try expectClose(training[state: model.bias!]!, Tensor([1.9]))
    #expect(training[state: Parameter(Tensor(1))] == nil)
    try expectClose(model.bias!.value, Tensor([1 - 0.05 * 2.9]))
  }

  @Test func `gradients of a larger model train the part`() throws {
    let (part, other) = (Dense(1, 1), Dense(1, 1))
    let whole = Sequential {
      part
      other
    }
    let before = other.weight.value
    let start = part.weight.value
    var training = Optimizing(part, with: SignDescent())
    training.update(along: valueWithGradient(of: whole) { whole(Tensor([[1]])).sum() }.gradients)
    #expect(other.weight.value == before && part.weight.value != start)
  }

  @Test func `copies of a weight keep their value while it is trained`() {
    let model = Dense(2, 2)
    let before = model.weight.value
    let kept = before + 0
    let view = model.weight.value.transposed()
    var training = Optimizing(model, with: SignDescent(learningRate: 0.5))
    let (_, gradients) = valueWithGradient(of: model) { model(Tensor([[1, 1]])).sum() }
    training.update(along: gradients)
    #expect(before == kept && view == kept.transposed() && model.weight.value != kept)
  }

  @Test func `a small network learns exclusive or`() {
    let model = withRandom(seed: 3) {
      Sequential {
        Dense(2, 8, activation: .tanh)
        Dense(8, 1, activation: .sigmoid)
      }
    }
    let x = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
    let y = Tensor([[0], [1], [1], [0]])
    var training = Optimizing(model, with: HeavyBall(learningRate: 0.3))
    var last = Tensor(1)
    for _ in 0..<400 {
      let (loss, gradients) = valueWithGradient(of: model) { square(model(x) - y).mean() }
      training.update(along: gradients)
      last = loss
    }
    #expect(last.item() < 0.01)
    #expect((abs(model(x) - y) .< 0.3).all())
  }
}
