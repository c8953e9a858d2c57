import Core
import LayerTesting
import Optim
import Testing

@Test
func `penalties have their formulas and gradients`() throws {
  let x = Tensor([[1, -2], [0.5, 3]], dtype: .float64)
  func expect(_ penalty: Penalty, _ value: Double, _ gradient: Tensor) throws {
    let found = valueWithGradient(at: x) { penalty($0) }
    try expectClose(found.value, Tensor(value, dtype: .float64))
    try expectClose(found.gradient, gradient)
  }
  try expect(.l1(0.1), 0.65, 0.1 * sign(x))
  try expect(.l2(0.2), 0.1 * 14.25, 0.2 * x)
  try expect(
    .elasticNet(0.4, ratio: 0.25), 0.1 * 6.5 + 0.15 * 14.25, 0.1 * sign(x) + 0.3 * x)
  try expect(Penalty(), 0, Tensor.zeros(like: x))
}

@Test
func `a model's penalty counts the selected parameters that are trained`() throws {
  let model = Sequential {
    Dense(weight: Parameter(Tensor([[1, -2]])), bias: Parameter(Tensor([3])))
    Dense(weight: Parameter(Tensor([[4]])), bias: Parameter(Tensor([-5])))
  }
  #expect(Penalty.l1(1)(of: model).item() == 15)
  #expect(Penalty.l1(1)(of: model, for: .matrices).item() == 7)
  #expect(Penalty.l2(2)(of: model, for: "0.*").item() == 14)
  #expect(Penalty.l1(1)(of: model, for: "nothing").item() == 0)
  model.parameters[2].isFrozen = true
  #expect(Penalty.l1(1)(of: model, for: .matrices).item() == 3)
}

@Test
func `an L2 penalty is L2 decay`() {
  func reached(_ rule: GradientDescent, _ penalty: Penalty) -> Tensor {
    let model = Point(Trajectories.start)
    var training = Optimizing(model, with: rule)
    for _ in 0..<10 {
      let (_, gradients) = valueWithGradient(of: model) {
        square(model(Tensor(1))).sum() + penalty(of: model)
      }
      training.update(along: gradients)
    }
    return model.position.value
  }
  let (a, b) = (
    reached(GradientDescent(learningRate: 0.1, momentum: 0.5, weightDecay: 0.3), Penalty()),
    reached(GradientDescent(learningRate: 0.1, momentum: 0.5), .l2(0.3))
  )
  #expect(abs(a - b).maximum().item() < 1e-13)
}

@Test
func `an L1 penalty finds the soft threshold`() throws {
  // ½ (θ − b)² + λ |θ| has its minimum at sign(b) max(|b| − λ, 0).
  let b = Tensor([2, -1, 0.3], dtype: .float64)
  struct Vector: Layer {
    let x = Parameter(Tensor.zeros([3], dtype: .float64))
    func callAsFunction(_ input: Tensor) -> Tensor { x.value - input }
  }
  let model = Vector()
  var training = Optimizing(
    model, with: GradientDescent(learningRate: 0.2).scheduled(.inverseTime(0.05)))
  for _ in 0..<4000 {
    let (_, gradients) = valueWithGradient(of: model) {
      0.5 * square(model(b)).sum() + Penalty.l1(0.5)(of: model)
    }
    training.update(along: gradients)
  }
  try expectClose(
    model.x.value, Tensor([1.5, -0.5, 0], dtype: .float64), absolute: 2e-3)
}
