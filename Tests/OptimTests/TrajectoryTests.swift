import Core
import LayerTesting
import Optim
import Testing

private let rules = trajectoryRules

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
func `trajectories are PyTorch's and Optax's`(_ index: Int) throws {
  try compare(rules[index].rule, with: try #require(Trajectories.values[rules[index].name]))
}

@Test
func `every trajectory is compared`() {
  #expect(Set(rules.map(\.name)) == Set(Trajectories.values.keys))
}

@Test(arguments: rules.indices, [DType.float32, .float64])
func `rules keep the laws of optimizers`(_ index: Int, _ dtype: DType) throws {
  // Some schedules here end after ten steps and some rules start slowly, so little descent is asked
  // for.
  let (name, rule) = rules[index]
  guard !name.contains("maximize") else { return }
  let words = ["decay", "adamW", "options", "decoupled", "corrected", "amsGrad"]
  let decays = words.contains { name.contains($0) }
  try verify(optimizer: rule, movesAtZeroGradient: decays, ratio: 0.99)
}
