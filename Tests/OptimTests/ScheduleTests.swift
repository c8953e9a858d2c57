import Core
import LayerTesting
import Optim
import Testing

private func values(_ schedule: Schedule, _ count: Int) -> [Double] {
  (0..<count).map { schedule($0) }
}

private func expectEqual(_ a: [Double], _ b: [Double]) {
  #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-15 }, "\(a), \(b)")
}

@Test
func `a constant schedule is constant`() {
  expectEqual(values(.constant(), 3), [1, 1, 1])
  expectEqual(values(.constant(0.5), 3), [0.5, 0.5, 0.5])
}

@Test
func `steps fall after each period and at each milestone`() {
  expectEqual(values(.steps(every: 2, by: 0.5), 6), [1, 1, 0.5, 0.5, 0.25, 0.25])
  expectEqual(values(.steps(at: [1, 4], by: 0.1), 6), [1, 0.1, 0.1, 0.1, 0.01, 0.01])
}

@Test
func `a warm-up rises evenly to 1 and stays`() {
  expectEqual(values(.warmUp(over: 3), 5), [0.25, 0.5, 0.75, 1, 1])
  expectEqual(values(.warmUp(over: 0), 2), [1, 1])
}

@Test
func `the cosine falls from 1 to its end and stays there`() {
  let half = 0.125.squareRoot()  // cos(π/4) / 2
  expectEqual(
    values(.cosine(over: 4), 6),
    [
      1, 0.5 + half, 0.5, 0.5 - half, 0, 0,
    ])
  expectEqual(values(.cosine(over: 2, to: 0.2), 4), [1, 0.6, 0.2, 0.2])
  expectEqual(
    values(.cosine(over: 5, warmUp: 3), 6), [0.25, 0.5, 0.75, 1, 0.5, 0])
}

@Test
func `schedules multiply and can be one's own`() {
  expectEqual(
    values(.warmUp(over: 1) * .steps(every: 2, by: 0.5), 4), [0.5, 1, 0.5, 0.5])
  expectEqual(values(Schedule { 1 / Double(1 + $0) }, 3), [1, 0.5, 1.0 / 3])
}

@Test
func `a scheduled rule reports the rate in force, through every wrapper`() {
  let rule = Adam(learningRate: 0.1).clipped(toNorm: 1).withL2Decay(0.1)
    .scheduled(.steps(every: 2, by: 0.5)).withDecoupledDecay(0.1).clipped(toValue: 1)
  #expect(rule.learningRate == 0.1)
  #expect((1...5).map { rule.learningRate(at: $0) } == [0.1, 0.1, 0.05, 0.05, 0.025])
}

@Test
func `the base rate of a rule in use can be changed`() throws {
  let model = Point([1, 1, 1, 1, 1, 1])
  var training = Optimizing(
    model, with: GradientDescent(learningRate: 0.5).scheduled(.constant(0.5)).clipped(toNorm: 9))
  func update() {
    let (_, gradients) = valueWithGradient(of: model) { model.position.value.sum() }
    training.update(along: gradients)
  }
  update()
  try expectClose(model.position.value, Tensor.full([2, 3], 0.75, dtype: .float64))
  training.rule.learningRate = 1
  update()
  try expectClose(model.position.value, Tensor.full([2, 3], 0.25, dtype: .float64))
}

@Test
func `clippings act in the order in which they are written`() throws {
  func reached(_ rule: some Optimizer) -> Tensor {
    let model = Point([0, 0, 0, 0, 0, 0])
    var training = Optimizing(model, with: rule)
    let slopes = Tensor([-30, 40, 0, 0, 0, 0], dtype: .float64).reshaped([2, 3])
    let (_, gradients) = valueWithGradient(of: model) { (slopes * model.position.value).sum() }
    training.update(along: gradients)
    return model.position.value[0, 0..<2]
  }
  let descent = GradientDescent(learningRate: 1)
  try expectClose(
    reached(descent.clipped(toValue: 4).clipped(toNorm: 1)),
    Tensor([3, -3], dtype: .float64) / (18.0).squareRoot())
  try expectClose(
    reached(descent.clipped(toNorm: 1).clipped(toValue: 0.7)),
    Tensor([0.6, -0.7], dtype: .float64))
}

@Test
func `settings that no rule can mean trap`() async {
  await #expect(processExitsWith: .failure) { _ = GradientDescent(learningRate: -1) }
  await #expect(processExitsWith: .failure) { _ = GradientDescent(isNesterov: true) }
  await #expect(processExitsWith: .failure) { _ = Adam(beta1: 1) }
  await #expect(processExitsWith: .failure) { _ = AdamW(weightDecay: -1) }
  await #expect(processExitsWith: .failure) { _ = Adam().clipped(toNorm: 0) }
  await #expect(processExitsWith: .failure) { _ = Schedule.cosine(over: 3, warmUp: 3) }
  await #expect(processExitsWith: .failure) { _ = Schedule.steps(every: 0, by: 1) }
  await #expect(processExitsWith: .failure) { _ = Adamax(epsilon: 0) }
  await #expect(processExitsWith: .failure) { _ = RMSScaling(beta: 1) }
  await #expect(processExitsWith: .failure) { _ = MomentumTrace(momentum: 0, isNesterov: true) }
  await #expect(processExitsWith: .failure) { _ = Adam().withLookAhead(every: 0) }
  await #expect(processExitsWith: .failure) { _ = Schedule.oneCycle(over: 3) }
  await #expect(processExitsWith: .failure) { _ = GradientAccumulator(over: 0) }
  await #expect(processExitsWith: .failure) { _ = Penalty.elasticNet(1, ratio: 2) }
}
