import Core
import Optim
import Testing

/// The one of Docs/extending.md.
private struct SteepestDescent: Minimizer {
  var stopping = StoppingCriteria(maximumIterations: 20_000)
  func initialState(at start: ScalarObjective.Point) {}
  func step(
    from point: ScalarObjective.Point, of problem: ScalarObjective, state: inout Void
  ) -> MinimizerStep<ScalarObjective.Point> {
    let found = StrongWolfeSearch(curvature: 0.1)
      .search(problem, from: point, along: -point.gradient)
    return found.map { .moved(to: $0.point) } ?? .stuck(.noFurtherDescent)
  }
}

/// Random directions and no derivative but the one that tells when to stop.
private struct RandomSearch: Minimizer {
  var stopping = StoppingCriteria(gradientTolerance: 1e-2, maximumEvaluations: 20_000)

  func initialState(at start: ScalarObjective.Point) -> (RandomGenerator, Double) {
    (RandomGenerator(seed: 1), 1)
  }

  func step(
    from point: ScalarObjective.Point, of problem: ScalarObjective,
    state: inout (RandomGenerator, Double)
  ) -> MinimizerStep<ScalarObjective.Point> {
    for _ in 0..<200 {
      let move = Tensor.randomNormal(
        point.position.shape, dtype: point.position.dtype, using: &state.0)
      let next = problem.evaluate(at: point.position + state.1 * move)
      state.1 *= next.value < point.value ? 1.5 : 0.9
      if next.value < point.value { return .moved(to: next) }
    }
    return .stuck(.noFurtherDescent)
  }
}

@Suite struct OwnMinimizerTests {
  @Test func `a minimiser of one's own has the loop, the criteria and the reports`() {
    var seen = 0
    let descent = SteepestDescent().minimize(
      from: Tensor([1, 1], dtype: .float64), onIteration: { seen = $0.iteration },
      TestFunction.beale.value)
    #expect(descent.reason == .gradientVanished && descent.iterations == seen)
    #expect(TestFunction.beale.error(of: descent.position) < 1e-4)
    let random = RandomSearch().minimize(
      from: Tensor([0, 0], dtype: .float64), TestFunction.himmelblau.value)
    #expect(random.reason == .gradientVanished, "\(random.reason)")
    #expect(TestFunction.himmelblau.error(of: random.position) < 1e-2)
  }
}
