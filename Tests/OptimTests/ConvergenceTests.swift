import Core
import LayerTesting
import Optim
import Testing

/// ½ (θ − b)ᵀ A (θ − b) with curvatures from 0.1 to 2; its gradient.
private let curvatures = Tensor([0.1, 0.5, 1, 1.2, 1.5, 2], dtype: .float64).reshaped([2, 3])

private func distance(after steps: Int, _ rule: some Optimizer) -> Double {
  let model = Point([5, -3, 2, 1, -1, 4])
  let target = Tensor([1, 0, -1, 2, 0.5, 3], dtype: .float64).reshaped([2, 3])
  var training = Optimizing(model, with: rule)
  for _ in 0..<steps {
    let (_, gradients) = valueWithGradient(of: model) {
      0.5 * (curvatures * square(model(target))).sum()
    }
    training.update(along: gradients)
  }
  return (model.position.value - target).norm().item()
}

@Test
func `gradient descent converges as the theory says`() {
  // The slowest direction shrinks by 1 − η · 0.1 at each step; the error there is 4 at first.
  let reached = distance(after: 200, GradientDescent(learningRate: 0.5))
  var expected = 4.0
  for _ in 0..<200 { expected *= 1 - 0.5 * 0.1 }
  #expect(abs(reached - expected) < 1e-9)
}

@Test
func `every rule finds the minimum of a quadratic`() {
  #expect(distance(after: 400, GradientDescent(learningRate: 0.3, momentum: 0.9)) < 1e-6)
  #expect(
    distance(after: 400, GradientDescent(learningRate: 0.3, momentum: 0.9, isNesterov: true))
      < 1e-6)
  #expect(distance(after: 3000, Adam(learningRate: 0.05)) < 1e-4)
  #expect(
    distance(after: 3000, Adam(learningRate: 0.05).scheduled(.cosine(over: 3000))) < 1e-6)
  #expect(
    distance(after: 3000, GradientDescent(learningRate: 0.3, momentum: 0.9).clipped(toNorm: 0.5))
      < 1e-6)
}

/// Rosenbrock's function (1 − x)² + 100 (y − x²)² where a rule gets to from (−1.2, 1), where it is
/// 24.2.
private func rosenbrock(after steps: Int, _ rule: some Optimizer) -> Double {
  var point = Tensor([-1.2, 1], dtype: .float64)
  var state = rule.initialState(for: point)
  for iteration in 1...steps {
    let (x, y) = (point[0].item(), point[1].item())
    let slope = y - x * x
    let gradient = Tensor([-2 * (1 - x) - 400 * x * slope, 200 * slope], dtype: .float64)
    rule.update(&point, along: gradient, state: &state, at: iteration)
  }
  let (x, y) = (point[0].item(), point[1].item())
  return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
}

/// Rules with rates that suit a quadratic and the valley, and what they must reach in 2000 steps.
private let rates: [(rule: any Optimizer & Sendable, quadratic: Double, valley: Double)] = [
  (MovingAverageDescent(learningRate: 0.003), 2.5, 1e-2),
  (GradientDescent(learningRate: 0.0005, momentum: 0.95, isNesterov: true), 0.7, 1e-3),
  (AdaGrad(learningRate: 0.5), 1e-6, 1),
  (RMSProp(learningRate: 0.01).scheduled(.polynomial(over: 2000)), 1e-2, 1),
  (RMSProp(learningRate: 0.002, momentum: 0.9).scheduled(.polynomial(over: 2000)), 1e-2, 1),
  (AdaDelta(learningRate: 1, epsilon: 1e-5), 1e-2, 2),
  (AdamW(learningRate: 0.05, weightDecay: 0), 1e-6, 1e-2),
  (AMSGrad(learningRate: 0.05), 1e-6, 1e-2),
  (Adamax(learningRate: 0.05), 1e-6, 1e-1),
  (NAdam(learningRate: 0.05), 1e-6, 1e-1),
  (RAdam(learningRate: 0.03).scheduled(.warmUp(over: 30)), 1e-4, 1e-1),
  (Lion(learningRate: 0.01).scheduled(.cosine(over: 2000)), 1e-2, 1e-1),
  (LAMB(learningRate: 0.02).scheduled(.cosine(over: 2000)), 1e-2, 2),
  (Adafactor(learningRate: 0.02).scheduled(.cosine(over: 2000)), 1e-1, 1),
  (Adam(learningRate: 0.05).withLookAhead(), 1e-6, 1e-2),
]

@Test(arguments: rates.indices)
func `every rule comes down a quadratic and Rosenbrock's valley`(_ index: Int) {
  let (rule, quadratic, valley) = rates[index]
  let reached = (distance(after: 2000, rule), rosenbrock(after: 2000, rule))
  #expect(reached.0 < quadratic, "\(type(of: rule))")
  #expect(reached.1 < valley, "\(type(of: rule))")
}

@Test
func `momentum beats plain descent on an ill-conditioned quadratic`() {
  let plain = distance(after: 100, GradientDescent(learningRate: 0.5))
  let heavy = distance(after: 100, GradientDescent(learningRate: 0.5, momentum: 0.7))
  #expect(heavy < plain / 10)
}

@Test
func `decay ends where the penalised loss has its minimum`() throws {
  // a (θ − b) + λ θ = 0
  let model = Point([5, -3, 2, 1, -1, 4])
  let target = Tensor([1, 0, -1, 2, 0.5, 3], dtype: .float64).reshaped([2, 3])
  var training = Optimizing(model, with: GradientDescent(learningRate: 0.5, weightDecay: 0.2))
  for _ in 0..<2000 {
    let (_, gradients) = valueWithGradient(of: model) {
      0.5 * (curvatures * square(model(target))).sum()
    }
    training.update(along: gradients)
  }
  try expectClose(model.position.value, curvatures * target / (curvatures + 0.2))
}

@Test
func `frozen parameters stay, and start afresh when thawed`() throws {
  struct Pair: Layer {
    let first = Parameter(Tensor([1, 2], dtype: .float64))
    let second = Parameter(Tensor([3, 4], dtype: .float64))
    func callAsFunction(_ x: Tensor) -> Tensor { (first.value * second.value * x).sum() }
  }
  let model = Pair()
  model.second.isFrozen = true
  var training = Optimizing(model, with: AdamW(learningRate: 0.1, weightDecay: 0.1))
  func update() {
    let (_, gradients) = valueWithGradient(of: model) { model(Tensor(1)) }
    training.update(along: gradients)
  }
  for _ in 0..<5 { update() }
  #expect(model.second.value == Tensor([3, 4], dtype: .float64))
  #expect(model.first.value != Tensor([1, 2], dtype: .float64))
  // Its first step is corrected as a first step, and has length η in each element.
  model.second.isFrozen = false
  model.first.isFrozen = true
  update()
  let decayed = (1 - 0.1 * 0.1) * Tensor([3, 4], dtype: .float64)
  try expectClose(
    abs(model.second.value - decayed), Tensor([0.1, 0.1], dtype: .float64),
    relative: 1e-6)
}
