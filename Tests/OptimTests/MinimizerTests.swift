import Core
import LayerTesting
import Optim
import Testing

typealias ScalarMinimizer = any Minimizer<ScalarObjective> & Sendable

private let stopping = StoppingCriteria(gradientTolerance: 1e-8, maximumIterations: 5000)

/// Those that go down wherever they start.
private let minimizers: [(name: String, method: ScalarMinimizer)] = [
  ("Newton", Newton(stopping: stopping)),
  ("truncated Newton", TruncatedNewton(stopping: stopping)),
  ("L-BFGS", LBFGS(stopping: stopping)),
  ("L-BFGS with three pairs", LBFGS(memory: 3, stopping: stopping)),
  ("Fletcher–Reeves", NonlinearConjugateGradient(.fletcherReeves, stopping: stopping)),
  ("Polak–Ribière", NonlinearConjugateGradient(.polakRibiere, stopping: stopping)),
  ("Hestenes–Stiefel", NonlinearConjugateGradient(.hestenesStiefel, stopping: stopping)),
]

@Suite struct MinimizerTests {
  @Test(arguments: minimizers.indices, TestFunction.all)
  func `every minimiser finds a minimum from every start, downhill all the way`(
    index: Int, function: TestFunction
  ) {
    for start in function.starts {
      let start = Tensor(start, dtype: .float64)
      var values = [function.value(start).item()]
      let minimum = minimizers[index].method.minimize(
        from: start, onIteration: { values.append($0.value) }, function.value)
      let label =
        "\(minimizers[index].name), \(function), \(start): \(minimum.reason) after \(minimum.iterations), ‖g‖ \(minimum.gradientNorm)"
      #expect(function.error(of: minimum.position) < 1e-6, "\(label)")
      #expect(minimum.isConverged || minimum.reason == .noFurtherDescent, "\(label)")
      #expect(minimum.gradientNorm < 1e-6, "\(label)")
      #expect(minimum.iterations == values.count - 1)
      #expect(minimum.evaluations >= minimum.iterations)
      for (last, next) in zip(values, values.dropFirst()) {
        #expect(next <= last + 1e-14 * abs(last), "\(label)")
      }
    }
  }

  @Test(arguments: minimizers.indices)
  func `a start without gradient is where it ends`(index: Int) {
    let minimum = minimizers[index].method.minimize(
      from: Tensor([0, 0], dtype: .float64)
    ) { x in
      x[0] * x[1] + 3
    }
    #expect(minimum.reason == .gradientVanished && minimum.isConverged)
    #expect(minimum.iterations == 0 && minimum.evaluations == 1 && minimum.value == 3)
    #expect(minimum.position == Tensor([0, 0], dtype: .float64))
  }

  @Test(arguments: minimizers.indices)
  func `a start that is not finite says so, and a function without minimum ends`(index: Int) {
    let method = minimizers[index].method
    let outside = method.minimize(from: Tensor([-1, 1], dtype: .float64)) { log($0).sum() }
    #expect(outside.reason == .notFinite && !outside.isConverged && outside.iterations == 0)
    let endless = method.minimize(from: Tensor([1], dtype: .float64)) { ($0 * -1).sum() }
    #expect(endless.value < -1e3 && !endless.isConverged)
  }

  @Test(arguments: minimizers.indices)
  func `the shape of the start is kept, and float32 ends at its own precision`(index: Int) {
    let start = Tensor([3, -2, 1, 0.5, -1, 2]).reshaped([2, 3])
    let target = Tensor([1, 2, 3, 4, 5, 6]).reshaped([2, 3])
    let minimum = minimizers[index].method.minimize(
      from: start, onIteration: { #expect($0.position.shape == [2, 3]) }
    ) { x in
      (square(x - target) + 0.1 * square(square(x - target))).sum() + 5
    }
    #expect(minimum.position.dtype == .float32 && minimum.position.shape == [2, 3])
    #expect(minimum.gradient.shape == [2, 3])
    #expect((minimum.position - target).norm().item() < 1e-2)
    #expect(minimum.iterations < 100, "\(minimum.reason)")
  }

  @Test func `each criterion stops with its own reason`() {
    let start = Tensor([-1.2, 1], dtype: .float64)
    func reason(_ stopping: StoppingCriteria) -> StopReason {
      LBFGS(stopping: stopping).minimize(from: start, TestFunction.rosenbrock.value).reason
    }
    #expect(reason(.init(gradientTolerance: 1e-3)) == .gradientVanished)
    #expect(reason(.init(gradientTolerance: 0, valueTolerance: 0.5)) == .valueSettled)
    #expect(reason(.init(gradientTolerance: 0, stepTolerance: 1e-2)) == .stepVanished)
    #expect(reason(.init(maximumIterations: 4)) == .iterationLimit)
    #expect(reason(.init(maximumEvaluations: 4)) == .evaluationLimit)
    let stopped = LBFGS().minimize(
      from: start, onIteration: { if $0.iteration == 3 { $0.stop() } },
      TestFunction.rosenbrock.value)
    #expect(stopped.reason == .stopped && stopped.iterations == 3)
  }

  @Test func `a wrong gradient is reported as no further descent`() {
    let minimum = LBFGS().minimize(from: Tensor([1, 2], dtype: .float64)) { x in
      differentiable(x, value: { square($0).sum() }, pullback: { x, _, upstream in -x * upstream })
    }
    #expect(minimum.reason == .noFurtherDescent && minimum.iterations == 0)
  }
}

@Suite struct LineSearchTests {
  @Test(arguments: TestFunction.all)
  func `the point meets both conditions, whatever the first step`(function: TestFunction) throws {
    for start in function.starts {
      for (curvature, first) in [(0.9, 1.0), (0.1, 1e-6), (0.01, 1e-3), (0.5, 1e4)] {
        let problem = ScalarObjective(function.value)
        let point = problem.evaluate(at: Tensor(start, dtype: .float64))
        if point.gradientNorm == 0 { continue }
        let direction = -point.gradient
        let search = StrongWolfeSearch(curvature: curvature, maximumEvaluations: 60)
        let (next, step) = try #require(
          search.search(problem, from: point, along: direction, firstStep: first))
        let slope = dot(point.gradient, direction).item()
        #expect(next.value <= point.value + 1e-4 * step * slope)
        #expect(abs(dot(next.gradient, direction).item()) <= -curvature * slope)
        #expect((next.position - point.position - step * direction).norm().item() < 1e-12)
      }
    }
  }

  @Test func `no point is given for a direction that does not descend`() {
    let problem = ScalarObjective { square($0).sum() }
    let point = problem.evaluate(at: Tensor([1, 1], dtype: .float64))
    let search = StrongWolfeSearch()
    #expect(search.search(problem, from: point, along: point.gradient) == nil)
    #expect(search.search(problem, from: point, along: .zeros([2], dtype: .float64)) == nil)
    #expect(problem.evaluations == 1)
  }

  @Test func `settings that contradict each other trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = StrongWolfeSearch(decrease: 0.5, curvature: 0.1)
    }
    await #expect(processExitsWith: .failure) { _ = LBFGS(memory: 0) }
    await #expect(processExitsWith: .failure) { _ = StoppingCriteria(gradientTolerance: -1) }
  }
}
