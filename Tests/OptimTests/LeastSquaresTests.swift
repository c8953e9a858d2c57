import Core
import LayerTesting
import Optim
import Testing

private let times = Tensor.linspace(from: 0, to: 4, count: 9, dtype: .float64)

/// p₀ exp(p₁ t) + p₂
private func decay(_ p: Tensor) -> Tensor { p[0] * exp(p[1] * times) + p[2] }

private let truth = Tensor([5, -1.5, 2], dtype: .float64)
private let noise = Tensor(
  [0.02, -0.01, 0.03, -0.04, 0.01, 0, -0.02, 0.02, -0.01], dtype: .float64)

private let methods: [(name: String, method: any Minimizer<ResidualObjective> & Sendable)] = [
  ("Levenberg–Marquardt", LevenbergMarquardt()),
  ("Levenberg–Marquardt, scaled", LevenbergMarquardt(isScaled: true)),
  ("Gauss–Newton", GaussNewton()),
]

@Suite struct LeastSquaresTests {
  @Test(arguments: methods.indices)
  func `a curve is fitted exactly to data without noise`(index: Int) throws {
    let data = decay(truth)
    let fit = methods[index].method.minimize(from: Tensor([3, -0.7, 1], dtype: .float64)) {
      decay($0) - data
    }
    try expectClose(fit.position, truth, absolute: 1e-8, methods[index].name)
    #expect(fit.isConverged && fit.value < 1e-15)
  }

  @Test(arguments: methods.indices)
  func `with noise the gradient vanishes where that of L-BFGS does`(index: Int) throws {
    let data = decay(truth) + noise
    let start = Tensor([3, -0.7, 1], dtype: .float64)
    let fit = methods[index].method.minimize(from: start) { decay($0) - data }
    let general = LBFGS(stopping: .init(gradientTolerance: 1e-9)).minimize(from: start) {
      0.5 * square(decay($0) - data).sum()
    }
    try expectClose(fit.position, general.position, relative: 1e-6, methods[index].name)
    try expectClose(Tensor(fit.value, dtype: .float64), general.value, relative: 1e-9)
    #expect(fit.evaluations < general.evaluations)
  }

  @Test(arguments: methods.indices)
  func `Rosenbrock's and Beale's functions are sums of squares`(index: Int) {
    let problems: [(function: TestFunction, residuals: (Tensor) -> Tensor)] = [
      (.rosenbrock, { x in stacked([1 - x[0], 10 * (x[1] - square(x[0]))]) }),
      (
        .beale,
        { p in
          let (x, y) = (p[0], p[1])
          return stacked([
            1.5 - x + x * y, 2.25 - x + x * square(y), 2.625 - x + x * square(y) * y,
          ])
        }
      ),
    ]
    for (function, residuals) in problems {
      let fit = methods[index].method.minimize(
        from: Tensor(function.starts[0], dtype: .float64), residuals)
      #expect(function.error(of: fit.position) < 1e-6, "\(methods[index].name): \(fit)")
    }
  }

  @Test(arguments: methods.indices)
  func `linear residuals need one step of Gauss–Newton, and dependent columns do no harm`(
    index: Int
  ) throws {
    var generator = RandomGenerator(seed: 3)
    let a = Tensor.randomNormal([8, 3], dtype: .float64, using: &generator)
    let b = Tensor.randomNormal([8], dtype: .float64, using: &generator)
    let fit = methods[index].method.minimize(from: .zeros([3], dtype: .float64)) {
      matmul(a, $0) - b
    }
    try expectClose(fit.position, leastSquares(a, b), absolute: 1e-6)
    if methods[index].name == "Gauss–Newton" { #expect(fit.iterations <= 2) }
    // The third unknown is worth the sum of the others.
    let dependent = concatenated(
      [a[.all, ..<2], (a[.all, 0] + a[.all, 1]).expandingShape(at: 1)], along: 1)
    let flat = methods[index].method.minimize(from: .zeros([3], dtype: .float64)) {
      matmul(dependent, $0) - b
    }
    let best = leastSquares(a[.all, ..<2], b)
    let expected = 0.5 * square(matmul(a[.all, ..<2], best) - b).sum().item()
    try expectClose(Tensor(flat.value, dtype: .float64), expected, relative: 1e-9)
  }

  @Test func `the damping falls where the linear model is good and rises where it is not`() {
    let method = LevenbergMarquardt()
    let good = ResidualObjective { 2 * $0 - 1 }
    var point = good.evaluate(at: Tensor([4, 4], dtype: .float64))
    var state = method.initialState(at: point)
    #expect(state.damping == 1e-3 * 4)
    _ = method.step(from: point, of: good, state: &state)
    #expect(abs(state.damping - 1e-3 * 4 / 3) < 1e-12)

    let bad = ResidualObjective { atan(3 * $0) }
    point = bad.evaluate(at: Tensor([4], dtype: .float64))
    state = method.initialState(at: point)
    let before = state.damping
    guard case .moved(let next) = method.step(from: point, of: bad, state: &state) else {
      Issue.record("stuck")
      return
    }
    #expect(state.damping > before && next.value < point.value)
  }

  @Test func `far from the solution the damping saves what a full step would lose`() {
    // |x| > 1.39 throws the plain Newton step on atan ever further out.
    let fit = LevenbergMarquardt().minimize(from: Tensor([20], dtype: .float64)) { atan($0) }
    #expect(abs(fit.position.item()) < 1e-6 && fit.isConverged, "\(fit)")
    let barrier = LevenbergMarquardt().minimize(from: Tensor([30], dtype: .float64)) { log($0) }
    #expect(abs(barrier.position.item() - 1) < 1e-6, "\(barrier)")
  }

  @Test func `scaled, the units of the unknowns do not matter`() throws {
    let data = decay(truth) + noise
    let units = Tensor([1e-4, 1e3, 1e6], dtype: .float64)
    let start = Tensor([3, -0.7, 1], dtype: .float64)
    let method = LevenbergMarquardt(isScaled: true, stopping: .init(maximumIterations: 5))
    let plain = method.minimize(from: start) { decay($0) - data }
    let scaled = method.minimize(from: start / units) { decay($0 * units) - data }
    try expectClose(scaled.position * units, plain.position, relative: 1e-6)
  }

  @Test func `the Jacobian is the same by rows and by columns`() throws {
    // 9 residuals: by columns for 2 unknowns, by rows for 3.
    let two = ResidualObjective { p in p[0] * exp(p[1] * times) }
    let three = ResidualObjective { p in p[0] * exp(p[1] * times) + 0 * p[2] }
    let a = two.evaluate(at: Tensor([2, -1], dtype: .float64))
    let b = three.evaluate(at: Tensor([2, -1, 0], dtype: .float64))
    #expect(two.curvatureEvaluations == 2 && three.curvatureEvaluations == 9)
    try expectClose(a.jacobian, b.jacobian[.all, ..<2], relative: 1e-14)
    try expectClose(a.gradient, matmul(a.jacobian.transposed(), a.residuals), relative: 1e-14)
    try expectClose(
      a.gradient, gradient(at: a.position) { 0.5 * square($0[0] * exp($0[1] * times)).sum() },
      relative: 1e-12)
  }
}
