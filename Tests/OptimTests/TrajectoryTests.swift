import Core
import LayerTesting
import Optim
import Testing

/// Every rule of the references, under its name there.
private let rules: [(name: String, rule: any Optimizer & Sendable)] = [
  ("descent", GradientDescent(learningRate: 0.1)),
  ("momentum", GradientDescent(learningRate: 0.1, momentum: 0.9)),
  ("dampened", GradientDescent(learningRate: 0.1, momentum: 0.9, dampening: 0.3)),
  ("nesterov", GradientDescent(learningRate: 0.05, momentum: 0.8, isNesterov: true)),
  ("descent, decay", GradientDescent(learningRate: 0.1, weightDecay: 0.05)),
  ("descent, decay", GradientDescent(learningRate: 0.1).withL2Decay(0.05)),
  ("descent, decay", GradientDescent(learningRate: 0.1).withDecoupledDecay(0.05)),
  (
    "nesterov, decay",
    GradientDescent(learningRate: 0.05, momentum: 0.8, isNesterov: true, weightDecay: 0.05)
  ),
  (
    "nesterov, decay",
    GradientDescent(learningRate: 0.05, momentum: 0.8, isNesterov: true).withL2Decay(0.05)
  ),
  ("adam", Adam()),
  ("adam, options", Adam(learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3)),
  ("adam, decay", Adam(learningRate: 0.1, weightDecay: 0.05)),
  ("adam, decay", Adam(learningRate: 0.1).withL2Decay(0.05)),
  ("adamW", AdamW()),
  ("adamW", Adam().withDecoupledDecay(1e-2)),
  (
    "adamW, options",
    AdamW(learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.2)
  ),
  (
    "adamW, options",
    Adam(learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3).withDecoupledDecay(0.2)
  ),
  ("momentum, norm", GradientDescent(learningRate: 0.1, momentum: 0.9).clipped(toNorm: 1)),
  ("adam, value", Adam(learningRate: 0.1).clipped(toValue: 0.5)),
  ("descent, steps", GradientDescent(learningRate: 0.1).scheduled(.steps(every: 3, by: 0.5))),
  (
    "descent, milestones",
    GradientDescent(learningRate: 0.1).scheduled(.steps(at: [2, 7], by: 0.5))
  ),
  (
    "momentum, cosine",
    GradientDescent(learningRate: 0.1, momentum: 0.9).scheduled(.cosine(over: 10))
  ),
  (
    "adamW, warm cosine",
    AdamW(learningRate: 0.1, weightDecay: 0.2)
      .scheduled(.cosine(over: 10, warmUp: 3, to: 0.1))
  ),
  (
    "adamW, warm cosine",
    Adam(learningRate: 0.1).withDecoupledDecay(0.2)
      .scheduled(.cosine(over: 10, warmUp: 3, to: 0.1))
  ),
  (
    // The schedule inside: the decay follows the rate in force all the same.
    "adamW, warm cosine",
    Adam(learningRate: 0.1).scheduled(.cosine(over: 10, warmUp: 3, to: 0.1))
      .withDecoupledDecay(0.2)
  ),
]

private func compare(_ rule: some Optimizer, with expected: [[Double]]) throws {
  for (form, points) in [
    ("fused", trajectory(rule)), ("unfused", trajectory(Unfused(base: rule))),
  ] {
    for (t, position) in zip([1, 2, 5, 10], expected) {
      try expectClose(
        points[t - 1].flattened(), Tensor(position), relative: 1e-12, absolute: 1e-12,
        "\(form), step \(t)")
    }
  }
}

@Test(arguments: rules.indices)
func `trajectories are PyTorch's`(_ index: Int) throws {
  try compare(rules[index].rule, with: try #require(Trajectories.values[rules[index].name]))
}

@Test
func `every trajectory is compared`() {
  #expect(Set(rules.map(\.name)) == Set(Trajectories.values.keys))
}

@Test(arguments: rules.indices, [DType.float32, .float64])
func `rules keep the laws of optimizers`(_ index: Int, _ dtype: DType) throws {
  // Some schedules here end after ten steps, so little descent is asked for.
  let rule = rules[index].rule
  let decays = rules[index].name.contains("decay") || rules[index].name.contains("adamW")
  try verify(optimizer: rule, movesAtZeroGradient: decays, ratio: 0.99)
}
