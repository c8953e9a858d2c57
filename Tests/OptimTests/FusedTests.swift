import Core
import LayerTesting
import Optim
import Testing

private let rules: [any Optimizer & Sendable] = [
  GradientDescent(learningRate: 0.1),
  GradientDescent(learningRate: 0.1, momentum: 0.9),
  GradientDescent(learningRate: 0.1, momentum: 0.9, dampening: 0.5, weightDecay: 0.01),
  GradientDescent(learningRate: 0.1, momentum: 0.9, isNesterov: true, weightDecay: 0.01),
  Adam(learningRate: 0.01),
  Adam(learningRate: 0.01, weightDecay: 0.1),
  AdamW(learningRate: 0.01, weightDecay: 0.1),
]

/// How many rounding errors of the numbers involved two tensors are apart.
private func roundingErrors(_ a: Tensor, _ b: Tensor) -> Double {
  let unit = a.dtype == .float32 ? Double(Float.ulpOfOne) : .ulpOfOne
  let (a, b) = (a.cast(to: .float64), b.cast(to: .float64))
  return (abs(a - b) / (unit * maximum(abs(b), 1))).maximum().item()
}

@Test(arguments: rules.indices, [DType.float32, .float64])
func `fused steps are the readable steps to one rounding error each`(_ index: Int, _ dtype: DType) {
  check(rules[index])

  func check(_ rule: some Optimizer) {
    var generator = RandomGenerator(seed: 21)
    // Long enough for every vector width, the rest behind it, and two threads.
    for count in [1, 7, 64, 1003, 40_007] {
      let start = Tensor.randomNormal([count], dtype: dtype, using: &generator)
      var (fused, readable) = (start, start)
      var (fusedState, readableState) = (
        rule.initialState(for: start), rule.initialState(for: start)
      )
      for iteration in 1...4 {
        let gradient = Tensor.randomNormal([count], dtype: dtype, using: &generator)
        rule.update(&fused, along: gradient, state: &fusedState, at: iteration)
        readable -= rule.step(
          for: gradient, of: readable, state: &readableState, at: iteration)
      }
      // One for each step.
      #expect(roundingErrors(fused, readable) <= 4)
    }
  }
}

@Test
func `a fused step writes in place, and to nobody else's copy`() {
  let model = Point(Trajectories.start, dtype: .float32)
  let kept = model.position.value
  let before = kept.scalars(as: Float.self)
  var training = Optimizing(model, with: Adam(learningRate: 0.1))
  for _ in 0..<2 {
    let (_, gradients) = valueWithGradient(of: model) { square(model(Tensor(0))).sum() }
    training.update(along: gradients)
  }
  #expect(kept.scalars(as: Float.self) == before)
  #expect(model.position.value != kept)
}

@Test
func `a gradient of another type is taken by the readable step`() throws {
  var parameter = Tensor([1, 2, 3])
  let rule = GradientDescent(learningRate: 0.5, momentum: 0.9)
  var state = rule.initialState(for: parameter)
  rule.update(
    &parameter, along: Tensor([1, 1, 1], dtype: .float64), state: &state, at: 1)
  try expectClose(parameter, Tensor([0.5, 1.5, 2.5]))
}

@Test
func `the learnt state can be read`() {
  let model = Point(Trajectories.start)
  var training = Optimizing(model, with: Adam())
  let (_, gradients) = valueWithGradient(of: model) { square(model(Tensor(0))).sum() }
  training.update(along: gradients)
  let state = training[state: model.position]
  #expect(state?.count == 1)
  #expect(state?.first.shape == [2, 3])
  #expect(training.iteration == 1)
}
