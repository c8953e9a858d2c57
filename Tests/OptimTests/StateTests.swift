import Core
import LayerTesting
import Optim
import Testing

/// A training that is saved in the middle and gone on with in another one ends with the same bits.
private func expectRoundTrip(_ rule: some Optimizer) throws {
  let (model, copy) = (Point(Trajectories.start), Point(Trajectories.start))
  var training = Optimizing(model, with: rule)
  func update(_ model: Point, _ training: inout Optimizing<some Optimizer>, _ t: Double) {
    let (_, gradients) = valueWithGradient(of: model) {
      (square(model(Tensor(t, dtype: .float64))) * 0.5).sum()
    }
    training.update(along: gradients)
  }
  for t in 1...4 { update(model, &training, Double(t)) }
  let saved = training.stateTensors
  #expect(Set(saved.map(\.name)).count == saved.count)
  var resumed = Optimizing(copy, with: rule)
  try resumed.restore(Dictionary(uniqueKeysWithValues: saved.map { ($0.name, $0.tensor) }))
  copy.position.value = model.position.value
  for t in 5...8 {
    update(model, &training, Double(t))
    update(copy, &resumed, Double(t))
  }
  #expect(copy.position.value == model.position.value && resumed.iteration == 8)
}

@Test(arguments: trajectoryRules.indices)
func `training goes on from a written state to the bit`(_ index: Int) throws {
  try expectRoundTrip(trajectoryRules[index].rule)
}

@Test
func `a rule without memory has nothing but its count`() throws {
  struct Plain: Optimizer {
    func initialState(for parameter: Tensor) {}
    func step(
      for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
    ) -> Tensor { 0.1 * gradient }
  }
  try expectRoundTrip(Plain())
  #expect(
    Optimizing(Point(Trajectories.start), with: Plain()).stateTensors.map(\.name)
      == ["iteration"])
}

@Test
func `names are the parameter's and the part's`() {
  let training = Optimizing(
    Point(Trajectories.start), with: RMSProp(momentum: 0.9).withLookAhead())
  #expect(
    training.stateTensors.map(\.name) == [
      "iteration", "learningRates", "position.base.first.squares", "position.base.second.value",
      "position.base.second.count", "position.slow", "position.count",
    ])
}

@Test
func `a state that does not fit changes nothing and is named`() throws {
  let model = Point(Trajectories.start)
  var training = Optimizing(model, with: Adam())
  training.update(along: valueWithGradient(of: model) { model(Tensor(0)).sum() }.gradients)
  var tensors = Dictionary(uniqueKeysWithValues: training.stateTensors.map { ($0.name, $0.tensor) })
  tensors["position.first"] = Tensor.zeros([6], dtype: .float64)
  tensors["position.second"] = nil
  tensors["extra"] = Tensor(1)
  tensors["iteration"] = Tensor(99).cast(to: .int64)
  let error = try #require(throws: StateMismatch.self) { try training.restore(tensors) }
  #expect(error.missing == ["position.second"] && error.unexpected == ["extra"])
  #expect(error.misshapen.count == 1 && error.description.contains("position.first"))
  #expect(training.iteration == 1)
}

@Test
func `a memory that cannot be written down traps`() async {
  await #expect(processExitsWith: .failure) {
    struct Counting: Optimizer {
      func initialState(for parameter: Tensor) -> [Int] { [] }
      func step(
        for gradient: Tensor, of parameter: Tensor, state: inout [Int], at iteration: Int
      ) -> Tensor { gradient }
    }
    _ = Optimizing(Point(Trajectories.start), with: Counting()).stateTensors
  }
}
