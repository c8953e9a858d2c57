import Core
import LayerTesting
import Optim
import Testing

@Suite struct MomentumTests {
  private static let gradients = withRandom(seed: 2) {
    var generator = RandomGenerator(seed: 2)
    return (0..<30).map { _ in Tensor.randomNormal([4], dtype: .float64, using: &generator) }
  }

  /// The moves of a rule along given gradients.
  private func moves(_ rule: some Optimizer) -> [Tensor] {
    let start = Tensor([1, -2, 3, 0.5], dtype: .float64)
    var state = rule.initialState(for: start)
    return Self.gradients.enumerated().map { index, gradient in
      -rule.step(for: gradient, of: start, state: &state, at: index + 1)
    }
  }

  @Test(arguments: [(0.9, 0.1), (0.0, 0.3), (0.5, 2.0), (0.999, 1e-3)])
  func `2․1 momentum and moving average make the same moves, step for step`(
    alpha: Double, epsilon: Double
  ) throws {
    let momentum = GradientDescent(learningRate: epsilon, momentum: alpha)
    let average = MovingAverageDescent(equivalentTo: momentum)
    #expect(average.beta == alpha)
    #expect(abs(average.learningRate * (1 - average.beta) - epsilon) < 1e-15)
    // The document's recursions, as they stand.
    let (beta, delta) = (average.beta, average.learningRate)
    var v = Tensor.zeros([4], dtype: .float64)
    var w = Tensor.zeros([4], dtype: .float64)
    let (first, second) = (moves(momentum), moves(average))
    for (index, g) in Self.gradients.enumerated() {
      v = alpha * v + epsilon * g
      w = beta * w + (1 - beta) * g
      try expectClose(-v, -delta * w, relative: 1e-11, "step \(index + 1)")
      try expectClose(first[index], -v, relative: 1e-11)
      try expectClose(second[index], -v, relative: 1e-11)
    }
  }

  @Test func `2․1 the map goes both ways`() throws {
    let average = MovingAverageDescent(
      learningRate: 0.4, beta: 0.8, correctsBias: false, weightDecay: 0.1)
    let momentum = GradientDescent(equivalentTo: average)
    #expect(momentum.momentum == 0.8 && momentum.weightDecay == 0.1)
    #expect(abs(momentum.learningRate - 0.08) < 1e-16)
    let back = MovingAverageDescent(equivalentTo: momentum)
    #expect(abs(back.learningRate - 0.4) < 1e-15 && back.beta == 0.8 && !back.correctsBias)
    for (a, b) in zip(moves(average), moves(momentum)) { try expectClose(a, b, relative: 1e-11) }
  }

  @Test func `2․1 what has no equivalent traps`() async {
    await #expect(processExitsWith: .failure) {
      _ = GradientDescent(equivalentTo: MovingAverageDescent())
    }
    await #expect(processExitsWith: .failure) {
      _ = MovingAverageDescent(equivalentTo: GradientDescent(momentum: 0.9, isNesterov: true))
    }
    await #expect(processExitsWith: .failure) {
      _ = MovingAverageDescent(equivalentTo: GradientDescent(momentum: 1))
    }
  }
}

@Suite struct UnrolledAverageTests {
  @Test(arguments: [(0.9, 1), (0.9, 12), (0.0, 5), (0.999, 40)])
  func `2․2 the weights unroll the recursion, from any start`(beta: Double, steps: Int) throws {
    var generator = RandomGenerator(seed: 6)
    let gradients = Tensor.randomNormal([steps, 2, 3], dtype: .float64, using: &generator)
    let start = Tensor.randomNormal([2, 3], dtype: .float64, using: &generator)
    var (v, fromZero) = (start, Tensor.zeros(like: start))
    for t in 0..<steps {
      v = beta * v + (1 - beta) * gradients[t]
      fromZero = beta * fromZero + (1 - beta) * gradients[t]
    }
    let average = UnrolledAverage(beta: beta, steps: steps)
    try expectClose(average.average(of: gradients, start: start), v, absolute: 1e-13)
    try expectClose(average.average(of: gradients), fromZero, absolute: 1e-13)
    #expect(average.weights.shape == [steps] && average.weights[steps - 1].item() == 1 - beta)
    try expectClose(average.weights.sum(), average.totalWeight, relative: 1e-12)
    #expect(abs(average.totalWeight + average.startWeight - 1) < 1e-15)
    let ratio = square(average.weights).sum() / square(average.weights.sum())
    try expectClose(ratio, average.varianceRatio, relative: 1e-11)
  }

  @Test func `2․3 the estimate has no bias, and the plain average falls short by 1 − βᵗ`() throws {
    let average = UnrolledAverage(beta: 0.9, steps: 5)
    let start = Tensor([7, -3], dtype: .float64)
    let mean = Tensor([2, 1], dtype: .float64)
    // E is linear: what constant gradients give is the expectation for any with this mean.
    let expected = average.average(of: mean.broadcast(to: [5, 2]), start: start)
    try expectClose(average.unbiased(expected, start: start), mean, relative: 1e-13)
    let fromZero = average.average(of: mean.broadcast(to: [5, 2]))
    try expectClose(fromZero, average.totalWeight * mean, relative: 1e-13)
    // By sampling, within four standard errors.
    var generator = RandomGenerator(seed: 8)
    let trials = 20_000
    let gradients =
      Tensor.randomNormal([5, trials], dtype: .float64, using: &generator) * 3 + 2
    let estimates = average.unbiased(average.average(of: gradients))
    let deviation = (9 * average.varianceRatio).squareRoot()
    #expect(abs(estimates.mean().item() - 2) < 4 * deviation / Double(trials).squareRoot())
    try expectClose(estimates.variance(), deviation * deviation, relative: 0.04)
  }

  @Test func `2․3 it is what the bias-corrected mechanism gives`() throws {
    let rule = MovingAverage(beta: 0.7)
    let gradients = Tensor([[1, 2], [3, -1], [0.5, 4]], dtype: .float64)
    var state = rule.initialState(for: gradients[0])
    var last = gradients[0]
    for t in 0..<3 { last = rule.step(for: gradients[t], of: last, state: &state, at: t + 1) }
    let average = UnrolledAverage(beta: 0.7, steps: 3)
    try expectClose(last, average.unbiased(average.average(of: gradients)), relative: 1e-13)
  }
}
