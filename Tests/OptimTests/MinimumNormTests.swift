import Core
import LayerTesting
import Optim
import Testing

@Suite struct MinimumNormTests {
  private func problem(_ count: Int, _ size: Int, seed: UInt64 = 1) -> MinimumNorm {
    var generator = RandomGenerator(seed: seed)
    return MinimumNorm(
      inputs: .randomNormal([count, size], dtype: .float64, using: &generator),
      targets: .randomNormal([count], dtype: .float64, using: &generator))
  }

  @Test(arguments: [(1, 2), (3, 10), (5, 6), (8, 40)])
  func `descent from zero, pseudo-inverse and KKT conditions agree`(
    count: Int, size: Int
  ) throws {
    let problem = problem(count, size)
    let expected = problem.pseudoInverseSolution()
    let (weights, multipliers) = try problem.kktSolution()
    try expectClose(weights, expected, absolute: 1e-11)
    // 2w + Xᵀλ = 0, λ = −2 (XXᵀ)⁻¹ y
    let x = problem.inputs
    try expectClose(
      2 * weights + matmul(multipliers, x), .zeros([size], dtype: .float64), absolute: 1e-10)
    try expectClose(
      multipliers, -2 * solve(matmul(x, x.transposed()), problem.targets), relative: 1e-8)
    var worst = 0.0
    let reached = problem.descend(steps: 20_000) { step, weights in
      // All the way w is a combination of the rows: nothing of it is orthogonal to them.
      if step % 1000 == 0 {
        let inside = matmul(pseudoInverse(x), matmul(x, weights))
        worst = max(worst, (weights - inside).norm().item())
      }
    }
    try expectClose(reached, expected, absolute: 1e-8)
    #expect(worst < 1e-11 && problem.loss(reached).item() < 1e-15)
  }

  @Test func `another start ends at the nearest solution, which is longer`() throws {
    let problem = problem(3, 8)
    var generator = RandomGenerator(seed: 4)
    let start = Tensor.randomNormal([8], dtype: .float64, using: &generator)
    let reached = problem.descend(from: start, steps: 5000)
    try expectClose(reached, problem.descentLimit(from: start), absolute: 1e-9)
    #expect(problem.loss(reached).item() < 1e-15)
    #expect(reached.norm().item() > problem.pseudoInverseSolution().norm().item() + 1e-3)
    // Nearest: the way there is orthogonal to every direction that keeps X w.
    let moved = reached - start
    let inside = matmul(pseudoInverse(problem.inputs), matmul(problem.inputs, moved))
    try expectClose(inside, moved, absolute: 1e-9)
  }

  @Test
  func
    `the error shrinks by (κ² − 1)∕(κ² + 1) at the best step, and no step above 1∕σ₁² converges`()
  {
    let problem = MinimumNorm(
      inputs: Tensor([[3, 0, 0], [0, 1, 0]], dtype: .float64),
      targets: Tensor([3, 1], dtype: .float64))
    #expect(abs(problem.bestStep - 0.1) < 1e-15)
    let solution = problem.pseudoInverseSolution()
    var last = solution.norm().item()
    _ = problem.descend(steps: 10) { _, weights in
      let error = (weights - solution).norm().item()
      #expect(abs(error - 0.8 * last) < 1e-13)
      last = error
    }
    let over = problem.descend(stepSize: 1.01 / 9, steps: 500)
    #expect((over - solution).norm().item() > 10)
  }

  @Test func `dependent rows have no unique multipliers, but descent still has its limit`() throws {
    let rows = Tensor([[1, 2, 0, 1], [2, 4, 0, 2]], dtype: .float64)
    let problem = MinimumNorm(inputs: rows, targets: Tensor([1, 5], dtype: .float64))
    #expect(throws: LinearAlgebraError.self) { _ = try problem.kktSolution() }
    // Not solvable: descent goes to the shortest of the least-squares solutions.
    try expectClose(problem.descend(steps: 200), problem.pseudoInverseSolution(), absolute: 1e-10)
  }
}
