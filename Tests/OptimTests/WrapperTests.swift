import Core
import LayerTesting
import Optim
import Testing

private func f64(_ values: [Double]) -> Tensor { Tensor(values, dtype: .float64) }

private struct Vector: Layer {
  let x: Parameter
  init(_ values: [Double]) { x = Parameter(f64(values)) }
  func callAsFunction(_ input: Tensor) -> Tensor { x.value - input }
}

@Test
func `accumulated gradients of parts are the gradient of the whole`() throws {
  let model = withRandom(seed: 2) { Dense(3, 2) }
  model.convert(to: .float64)
  var generator = RandomGenerator(seed: 3)
  let x = Tensor.randomNormal([8, 3], dtype: .float64, using: &generator)
  func gradient(_ rows: Range<Int>) -> Gradients {
    valueWithGradient(of: model) { square(model(x[rows])).mean() }.gradients
  }
  var accumulator = GradientAccumulator(over: 4)
  var means: [Gradients] = []
  for part in 0..<8 {
    let rows = part % 4 * 2..<part % 4 * 2 + 2
    if let mean = accumulator.add(gradient(rows)) { means.append(mean) }
  }
  #expect(means.count == 2 && accumulator.count == 0)
  for mean in means {
    try expectClose(mean[model.weight]!, gradient(0..<8)[model.weight]!)
    try expectClose(mean[model.bias!]!, gradient(0..<8)[model.bias!]!)
  }
  #expect(accumulator.finish() == nil)
  _ = accumulator.add(gradient(0..<2))
  let last = accumulator.finish()
  let rest = try #require(last)
  try expectClose(rest[model.weight]!, gradient(0..<2)[model.weight]!)
}

@Test
func `weight averages are what their formulas say, and swap in and out`() throws {
  let model = Vector([1, 10])
  var mean = WeightAverage(of: model, .mean)
  var exponential = WeightAverage(of: model, .exponential(decay: 0.75))
  var warmed = WeightAverage(of: model, .warmedExponential(decay: 0.999))
  for value in [f64([2, 20]), f64([4, 40])] {
    model.x.value = value
    mean.update()
    exponential.update()
    warmed.update()
  }
  try expectClose(mean.values[0], f64([3, 30]))
  // 0.75 (0.75 · 1 + 0.25 · 2) + 0.25 · 4
  try expectClose(exponential.values[0], f64([1.9375, 19.375]))
  // β = 2/11, then 3/12
  let first = 2.0 / 11 + 9.0 / 11 * 2
  try expectClose(warmed.values[0], f64([1, 10]) * (0.25 * first + 0.75 * 4))
  let inside = mean.withAverage { model.x.value + 0 }
  try expectClose(inside, f64([3, 30]))
  #expect(model.x.value == f64([4, 40]) && mean.count == 2)
  mean.copyToModel()
  #expect(model.x.value == f64([3, 30]))
}

@Test
func `averages leave buffers unless asked`() {
  struct Holder: Layer {
    let x = Parameter(f64([0]))
    let running = Buffer(f64([0]))
    func callAsFunction(_ input: Tensor) -> Tensor { input * x.value }
  }
  let model = Holder()
  var (plain, whole) = (
    WeightAverage(of: model, .mean), WeightAverage(of: model, .mean, includesBuffers: true)
  )
  model.running.value = f64([8])
  plain.update()
  whole.update()
  #expect(plain.values.count == 1 && whole.values.count == 2)
  model.running.value = f64([5])
  #expect(plain.withAverage { model.running.value.item() } == 5)
  #expect(whole.withAverage { model.running.value.item() } == 8)
  #expect(model.running.value.item() == 5)
}

@Test
func `sharpness-aware gradients are those at the worst point nearby`() throws {
  let curvatures = f64([1, 4])
  func loss(_ model: Vector) -> Tensor { 0.5 * (curvatures * square(model.x.value)).sum() }
  let model = Vector([3, 1])
  let start = model.x.value + 0
  let g = curvatures * start
  let (value, gradients) = sharpnessAwareGradient(of: model, radius: 0.5) { loss(model) }
  try expectClose(value, Tensor(6.5, dtype: .float64))
  // ‖g‖ = 5
  try expectClose(gradients[model.x]!, curvatures * (start + 0.1 * g))
  #expect(model.x.value == start)
  let adaptive = sharpnessAwareGradient(of: model, radius: 0.5, isAdaptive: true) { loss(model) }
  let length = (start * g).norm().item()
  try expectClose(
    adaptive.gradients[model.x]!, curvatures * (start + (0.5 / length) * square(start) * g))
  // Where the gradient is 0, there is no direction.
  let flat = Vector([0, 0])
  #expect(sharpnessAwareGradient(of: flat) { loss(flat) }.gradients[flat.x]! == f64([0, 0]))
}

@Test
func `the parameters come back when a sharpness-aware loss throws`() {
  struct Failure: Error {}
  let model = Vector([3, 1])
  var calls = 0
  #expect(throws: Failure.self) {
    try sharpnessAwareGradient(of: model) {
      calls += 1
      if calls == 2 { throw Failure() }
      return square(model.x.value).sum()
    }
  }
  #expect(model.x.value == f64([3, 1]))
}

@Test
func `rows are projected onto the ball`() throws {
  let x = Tensor([[3, 4], [0.3, 0.4], [0, 0]], dtype: .float64)
  try expectClose(
    projectedToMaximumNorm(x, 1), Tensor([[0.6, 0.8], [0.3, 0.4], [0, 0]], dtype: .float64))
  let filters = Tensor.ones([2, 2, 3, 3], dtype: .float64)
  try expectClose(projectedToMaximumNorm(filters, 3), filters / 2.0.squareRoot())
  let rule = GradientDescent(learningRate: 0.5).withMaximumNorm(1)
  try verify(optimizer: GradientDescent(learningRate: 0.1).withMaximumNorm(100))
  var parameter = x
  var state = rule.initialState(for: x)
  rule.update(&parameter, along: -x, state: &state, at: 1)
  #expect(square(parameter).sum(along: 1).maximum().item() <= 1 + 1e-12)
}

@Test
func `early stopping brings the best weights back`() {
  let model = Vector([0])
  var stopping = EarlyStopping(of: model, patience: 2)
  let metrics = [5.0, 3, 4, 3.5, 3.2, 1]
  var seen = 0
  for (epoch, metric) in metrics.enumerated() {
    model.x.value = f64([Double(epoch)])
    seen = epoch
    if stopping.shouldStop(after: metric) { break }
  }
  #expect(seen == 4 && stopping.progress.best == 3)
  stopping.restoreBest()
  #expect(model.x.value.item() == 1)
}

/// The guide's recipe of one's own.
private struct SignedMomentum: OptimizerRecipe, RateAdjustable {
  var learningRate = 1e-3
  var chain: some Optimizer<RunningAverage> {
    MovingAverage(beta: 0.9).withSignedStep().scaled(by: learningRate)
  }
}

@Test
func `a recipe of one's own keeps the laws, and its settings can be moved`() throws {
  try verify(optimizer: SignedMomentum(learningRate: 0.01))
  let rule = SignedMomentum(learningRate: 0.5).scheduled(.steps(every: 1, by: 0.5))
  var parameter = f64([4])
  var state = rule.initialState(for: parameter)
  for iteration in 1...3 {
    rule.update(&parameter, along: f64([2]), state: &state, at: iteration)
  }
  try expectClose(parameter, f64([4 - 0.5 - 0.25 - 0.125]))
}

@Test
func `steps are sized by the tensor`() throws {
  let (parameter, gradient) = (f64([3, 4]), f64([0, 10]))
  func step(_ rule: some Optimizer, at parameter: Tensor) -> Tensor {
    var state = rule.initialState(for: parameter)
    return rule.step(for: gradient, of: parameter, state: &state, at: 1)
  }
  let plain = MomentumTrace(momentum: 0)
  try expectClose(step(plain.withTrustRatio(coefficient: 0.1), at: parameter), f64([0, 0.5]))
  try expectClose(step(plain.withTrustRatio(epsilon: 10), at: parameter), f64([0, 2.5]))
  #expect(step(plain.withTrustRatio(), at: f64([0, 0])) == gradient)
  // rms = 10 / √2
  try expectClose(
    step(plain.clippedStep(toRootMeanSquare: 1), at: parameter), f64([0, 2.0.squareRoot()]))
  #expect(step(plain.clippedStep(toRootMeanSquare: 8), at: parameter) == gradient)
  try expectClose(
    step(plain.relativeToParameter(), at: parameter), f64([0, 10 * 12.5.squareRoot()]))
  try expectClose(step(plain.relativeToParameter(minimum: 0.5), at: f64([0, 0])), f64([0, 5]))
}
