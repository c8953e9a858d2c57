import Core
import LayerTesting
import Optim
import Testing

/// ½ xᵀA x − bᵀx with a given symmetric A.
private func quadratic(_ a: Tensor, _ b: Tensor) -> (Tensor) -> Tensor {
  { x in 0.5 * dot(x, matmul(a, x)) - dot(b, x) }
}

private func symmetric(_ eigenvalues: [Double], seed: UInt64) -> Tensor {
  var generator = RandomGenerator(seed: seed)
  let n = eigenvalues.count
  let q = qr(.randomNormal([n, n], dtype: .float64, using: &generator)).q
  return matmul(q * Tensor(eigenvalues, dtype: .float64), q.transposed())
}

@Suite struct NewtonTests {
  @Test func `undamped, a quadratic takes one step, to a saddle too`() throws {
    let b = Tensor([1, -2, 3], dtype: .float64)
    for (seed, eigenvalues) in [[1.0, 10, 100], [-1, 2, 5], [-3, -2, -1]].enumerated() {
      let a = symmetric(eigenvalues, seed: UInt64(seed))
      let minimum = Newton(isDamped: false).minimize(
        from: Tensor([5, 5, 5], dtype: .float64), quadratic(a, b))
      #expect(minimum.reason == .gradientVanished && minimum.iterations == 1)
      #expect(minimum.evaluations == 2 && minimum.curvatureEvaluations == 3)
      try expectClose(minimum.position, solve(a, b), relative: 1e-9)
    }
  }

  @Test func `undamped, singular equations and steps out of the domain have their reasons`() {
    let flat = Newton(isDamped: false).minimize(from: Tensor([1, 1], dtype: .float64)) {
      square($0.sum())
    }
    #expect(flat.reason == .singularHessian)
    // x − log x from 3: x − (1 − 1/x) x² = −3.
    let outside = Newton(isDamped: false).minimize(from: Tensor([3], dtype: .float64)) {
      ($0 - log($0)).sum()
    }
    #expect(outside.reason == .notFinite && outside.position.item() == 3)
  }

  @Test func `the number of right digits doubles`() {
    var errors: [Double] = []
    _ = Newton(isDamped: false, stopping: .init(gradientTolerance: 1e-13)).minimize(
      from: Tensor([1.3], dtype: .float64),
      onIteration: { errors.append(abs($0.position.item() - 1)) }
    ) { ($0 - log($0)).sum() }
    // eₖ₊₁ = 1 − (2x − x²) = eₖ² exactly here.
    for (last, next) in zip(errors, errors.dropFirst()) where last > 1e-7 {
      #expect(abs(next - last * last) < 1e-15)
    }
    #expect(errors.count >= 4 && errors.last! < 1e-12)
  }

  @Test func `damped, it leaves a saddle on either side`() {
    // x² y-valley: minima of (x² − 1)² + y² at ±1, a saddle at 0.
    for side in [-1.0, 1] {
      let minimum = Newton().minimize(from: Tensor([side * 1e-3, 0.5], dtype: .float64)) { p in
        square(square(p[0]) - 1) + square(p[1])
      }
      #expect(abs(minimum.position[0].item() - side) < 1e-8 && minimum.isConverged)
    }
  }

  @Test func `damped, a function that is flat to second order still goes down`() {
    let minimum = Newton(stopping: .init(gradientTolerance: 1e-6)).minimize(
      from: Tensor([2, 1], dtype: .float64)
    ) { sqrt(1 + square($0)).sum() + 0 * $0[0] }
    #expect(minimum.position.norm().item() < 1e-5)
    let linear = Newton(stopping: .init(maximumIterations: 3)).minimize(
      from: Tensor([2, 1], dtype: .float64)
    ) { $0.sum() }
    #expect(linear.value < 3 && linear.reason != .notFinite)
  }

  @Test func `truncated, few products do where the Hessian has few eigenvalues`() throws {
    // 60 variables, but three eigenvalues: three products solve the equations.
    let a = symmetric((0..<60).map { [1.0, 7, 50][$0 % 3] }, seed: 4)
    let b = Tensor.ones([60], dtype: .float64)
    let minimum = TruncatedNewton(stopping: .init(gradientTolerance: 1e-10)).minimize(
      from: .zeros([60], dtype: .float64), quadratic(a, b))
    try expectClose(minimum.position, solve(a, b), absolute: 1e-10)
    #expect(minimum.curvatureEvaluations <= 3 * minimum.iterations)
    #expect(minimum.reason == .gradientVanished)
  }

  @Test func `truncated, a limit on the products slows it down, but it arrives`() {
    let method = TruncatedNewton(
      maximumProducts: 3, stopping: .init(gradientTolerance: 1e-6, maximumIterations: 2000))
    let limited = method.minimize(
      from: Tensor(TestFunction.chain.starts[0], dtype: .float64), TestFunction.chain.value)
    let free = TruncatedNewton().minimize(
      from: Tensor(TestFunction.chain.starts[0], dtype: .float64), TestFunction.chain.value)
    #expect(TestFunction.chain.error(of: limited.position) < 1e-5)
    #expect(limited.curvatureEvaluations <= 3 * limited.iterations)
    #expect(limited.iterations > free.iterations)
  }

  @Test func `truncated, negative curvature is followed downhill`() {
    for start in [[1e-6, 2.0], [1e-6, 1e-6], [-0.3, 0.1]] {
      let minimum = TruncatedNewton().minimize(from: Tensor(start, dtype: .float64)) { p in
        square(square(p[0]) - 1) + square(p[1])
      }
      #expect(abs(abs(minimum.position[0].item()) - 1) < 1e-7, "\(minimum)")
    }
  }
}

@Suite struct ConjugateGradientTests {
  @Test(arguments: NonlinearConjugateGradient.Formula.allCases)
  func `with exact searches it ends after as many steps as there are eigenvalues`(
    formula: NonlinearConjugateGradient.Formula
  ) throws {
    let a = symmetric((0..<40).map { [1.0, 4, 10, 30][$0 % 4] }, seed: 9)
    let b = Tensor.ones([40], dtype: .float64)
    let method = NonlinearConjugateGradient(
      formula, search: StrongWolfeSearch(curvature: 1e-3 * 0.2),
      stopping: .init(gradientTolerance: 1e-6))
    let minimum = method.minimize(from: .zeros([40], dtype: .float64), quadratic(a, b))
    #expect(minimum.iterations <= 5, "\(minimum.iterations)")
    try expectClose(minimum.position, solve(a, b), absolute: 1e-6)
  }
}
