import Core
import Foundation
import Optim
import Testing

private struct Network: Layer {
  let hidden = Dense(3, 4, activation: .tanh)
  let output = Dense(4, 2)
  func callAsFunction(_ x: Tensor) -> Tensor { output(hidden(x)) }
}

/// A training with all that Optim can add to it.
private struct Run<Rule: Optimizer & RateAdjustable>: TrainingState {
  let model = withRandom(seed: 1) { Network() }
  var training: Optimizing<Rule>
  var average: WeightAverage
  var stopping: EarlyStopping
  var plateau = ReduceOnPlateau(factor: 0.5, patience: 1, cooldown: 1)
  var accumulator: GradientAccumulator
  var losses: [Double] = []

  init(_ rule: Rule) {
    training = Optimizing(model, with: rule)
    average = WeightAverage(of: model, .warmedExponential(decay: 0.9))
    stopping = EarlyStopping(of: model, patience: 2)
    accumulator = GradientAccumulator(over: 2, of: model)
  }

  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("model", layer: model)
    visitor.visit("training", within: &training)
    visitor.visit("average", within: &average)
    visitor.visit("stopping", within: &stopping)
    visitor.visit("plateau", within: &plateau)
    visitor.visit("accumulator", within: &accumulator)
    visitor.visit("losses", list: &losses)
  }

  /// One batch, its inputs masked and drawn from the scope around.
  mutating func step() {
    var generator = RandomGenerator.split()
    let x = Tensor.randomNormal([5, 3], using: &generator)
    let (loss, gradients) = valueWithGradient(of: model) {
      square(model(dropout(x, probability: 0.3)) - 1).mean()
    }
    losses.append(loss.item())
    guard let mean = accumulator.add(gradients) else { return }
    training.update(along: mean)
    average.update()
    plateau.observe(loss.item(), adjusting: &training.rule)
    _ = stopping.shouldStop(after: loss.item())
  }
}

private func expectResumption<Rule: Optimizer & RateAdjustable>(
  _ rule: Rule, after steps: Int = 7
) throws {
  let folder = NSTemporaryDirectory() + "apus-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let checkpoints = try Checkpoints(directory: folder)
  let whole = try withRandom(seed: 2) {
    var run = Run(rule)
    for step in 1...16 {
      run.step()
      if step == steps { try checkpoints.save(run, metric: run.losses.last) }
    }
    return run
  }
  // Begun afresh, with another stream, which the checkpoint replaces.
  let resumed = try withRandom(seed: 99) {
    var run = Run(rule)
    run.step()
    try #require(try checkpoints.latest()).restore(&run)
    #expect(run.losses.count == steps)
    for _ in steps..<16 { run.step() }
    return run
  }
  let (expected, found) = (whole.stateTensors, resumed.stateTensors)
  #expect(expected.map(\.name) == found.map(\.name))
  for (a, b) in zip(expected, found) { #expect(a.tensor == b.tensor, "\(rule): \(a.name)") }
  #expect(whole.training.rule.learningRate == resumed.training.rule.learningRate)
  #expect(whole.training.rule.learningRate < rule.learningRate, "the plateau took part")
}

@Suite struct ResumeTests {
  @Test(arguments: [1, 6, 7, 15])
  func `an averaged, adjusted, accumulated training goes on to the bit`(after steps: Int) throws {
    try expectResumption(Adam(learningRate: 0.01), after: steps)
  }

  @Test func `so do rules of every kind of memory`() throws {
    try expectResumption(GradientDescent(learningRate: 0.1))
    try expectResumption(GradientDescent(learningRate: 0.1, momentum: 0.9, isNesterov: true))
    try expectResumption(RMSProp(learningRate: 0.01, momentum: 0.9))
    try expectResumption(NAdam(learningRate: 0.01))
    try expectResumption(AMSGrad(learningRate: 0.01))
    try expectResumption(Adafactor(learningRate: 0.01))
    try expectResumption(AdaDelta(learningRate: 1))
    try expectResumption(Lion(learningRate: 0.001))
  }

  @Test func `so do chains, groups, look-ahead and schedules`() throws {
    try expectResumption(
      AdamW(learningRate: 0.01).using(GradientDescent(learningRate: 0.1), for: .vectors)
        .clipped(toNorm: 1).scheduled(.cosine(over: 10, warmUp: 3)))
    try expectResumption(
      RMSScaling(beta: 0.99).then(MomentumTrace(momentum: 0.9)).scaled(by: 0.01)
        .withLookAhead(every: 3))
    try expectResumption(
      Adam(learningRate: 0.01).withDecoupledDecay(0.1)
        .using(Adam(learningRate: 0.02).withLookAhead(every: 2), for: "output.*"))
  }

  @Test func `every rate of groups is remembered`() throws {
    let model = Dense(2, 2)
    func make() -> Optimizing<Grouped<Adam, GradientDescent>> {
      Optimizing(
        model,
        with: Adam(learningRate: 1).using(GradientDescent(learningRate: 2), for: .vectors))
    }
    var training = make()
    training.rule.scaleRate(by: 0.25)
    var other = make()
    try other.restore(
      Dictionary(uniqueKeysWithValues: training.stateTensors.map { ($0.name, $0.tensor) }))
    #expect(other.rule.learningRates == [0.25, 0.5])
  }

  @Test func `early stopping brings back the best weights of before`() throws {
    let model = withRandom(seed: 1) { Dense(2, 2) }
    var stopping = EarlyStopping(of: model)
    _ = stopping.shouldStop(after: 1)
    let best = model.weight.value + 0
    let saved = Dictionary(
      uniqueKeysWithValues: stopping.stateTensors.map { ($0.name, $0.tensor) })
    let other = withRandom(seed: 2) { Dense(2, 2) }
    var resumed = EarlyStopping(of: other)
    try resumed.restore(saved)
    _ = resumed.shouldStop(after: 2)
    resumed.restoreBest()
    #expect(other.weight.value == best && resumed.progress.stalled == 1)
    // Another model's weights do not fit.
    var misfit = EarlyStopping(of: Dense(3, 2))
    #expect(throws: StateMismatch.self) { try misfit.restore(saved) }
  }

  @Test func `gradients that wait need an accumulator that knows the model`() async {
    await #expect(processExitsWith: .failure) {
      let model = Dense(2, 2)
      var full = GradientAccumulator(over: 3, of: model)
      _ = full.add(valueWithGradient(of: model) { model.weight.value.sum() }.gradients)
      var empty = GradientAccumulator(over: 3)
      try empty.restore(
        Dictionary(uniqueKeysWithValues: full.stateTensors.map { ($0.name, $0.tensor) }))
    }
  }
}
