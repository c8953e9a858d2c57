import Core
import Embeddings
import LayerTesting
import Testing

@Suite struct GaussianIdentityTests {
  // The integrals of the course's questions 2, 3.1 and 3.2, by the trapezoidal rule over ten
  // deviations, which is exact to rounding for such integrands; by samples in more dimensions.

  @Test(arguments: GaussianCovariance.allCases, 1...2)
  func `closed forms are the integrals`(form: GaussianCovariance, n: Int) throws {
    var generator = RandomGenerator(seed: UInt64(n))
    for _ in 0..<3 {
      let i = randomGaussians([], n, form, using: &generator)
      let j = randomGaussians([], n, form, using: &generator)
      let (points, weight) = grid(n)
      let (logI, logJ) = (i.logDensity(points), j.logDensity(points))
      func integral(_ values: Tensor) -> Tensor { weight * values.sum() }
      try expectClose(integral(exp(logJ)), 1, relative: 1e-9)
      try expectClose(i.kernel(with: j), integral(exp(logI + logJ)), relative: 1e-9)
      try expectClose(i.logKernel(with: j), log(integral(exp(logI + logJ))), absolute: 1e-9)
      try expectClose(i.meanLogDensity(under: j), integral(logI * exp(logJ)), relative: 1e-9)
      try expectClose(
        j.divergence(from: i), integral((logJ - logI) * exp(logJ)), relative: 1e-8, absolute: 1e-10)
    }
  }

  /// Points of a grid over [−28, 28]ⁿ and the volume of one: more than ten deviations each way.
  private func grid(_ n: Int) -> (points: Tensor, weight: Double) {
    let count = n == 1 ? 2001 : 281
    let line = Tensor.linspace(from: -28, to: 28, count: count, dtype: .float64)
    let step = 56 / Double(count - 1)
    if n == 1 { return (line.reshaped([count, 1]), step) }
    let rows = line.reshaped([count, 1]).broadcast(to: [count, count])
    let columns = line.reshaped([1, count]).broadcast(to: [count, count])
    return (stacked([rows, columns], along: 2).reshaped([-1, 2]), step * step)
  }

  @Test(arguments: [3, 8])
  func `closed forms are the means of samples`(n: Int) throws {
    var generator = RandomGenerator(seed: 11)
    let i = randomGaussians([], n, .full, using: &generator)
    let j = randomGaussians([], n, .full, using: &generator)
    let count = 200_000
    let noise = Tensor.randomNormal([count, n], dtype: .float64, using: &generator)
    let z = j.mean + matmul(noise, cholesky(j.matrices).transposed())
    let (logI, logJ) = (i.logDensity(z), j.logDensity(z))
    // Five standard errors.
    func expectMean(_ samples: Tensor, _ exact: Tensor) throws {
      let error = 5 * (samples.variance().item() / Double(count)).squareRoot()
      try expectClose(samples.mean(), exact, relative: 0, absolute: error)
    }
    try expectMean(exp(logI), i.kernel(with: j))
    try expectMean(logI, i.meanLogDensity(under: j))
    try expectMean(logJ - logI, j.divergence(from: i))
  }

  @Test(arguments: GaussianCovariance.allCases)
  func `the divergence is the difference of two mean log-densities`(form: GaussianCovariance) throws
  {
    var generator = RandomGenerator(seed: 3)
    let i = randomGaussians([40], 6, form, using: &generator)
    let j = randomGaussians([40], 6, form, using: &generator)
    try expectClose(
      j.divergence(from: i), j.meanLogDensity(under: j) - i.meanLogDensity(under: j),
      relative: 1e-11, absolute: 1e-11)
    #expect((j.divergence(from: i) .> 0).all())
    try expectClose(j.divergence(from: j), Tensor.zeros([40], dtype: .float64), absolute: 1e-12)
    try expectClose(i.logKernel(with: j), j.logKernel(with: i), relative: 1e-12)
  }

  @Test func `a simpler form is a special case of a larger one`() throws {
    var generator = RandomGenerator(seed: 4)
    for (small, large): (GaussianCovariance, GaussianCovariance) in [
      (.spherical, .diagonal), (.spherical, .full), (.diagonal, .full),
    ] {
      let i = randomGaussians([5, 1], 4, small, using: &generator)
      let j = randomGaussians([3], 4, large, using: &generator)
      let spelled = Gaussians(mean: i.mean, .full(i.matrices))
      for similarity in GaussianSimilarity.allCases {
        #expect(similarity(i, j).shape == [5, 3])
        try expectClose(similarity(i, j), similarity(spelled, j), relative: 1e-10)
        try expectClose(similarity(j, i), similarity(j, spelled), relative: 1e-10)
      }
    }
  }

  @Test func `values worked out by hand`() throws {
    // log K of N(0, 1) and N(2, 3): −½ log 4 − ½ · 4/4 − ½ log 2π.
    let i = Gaussians(mean: Tensor([0.0] as [Double]), .spherical(Tensor(1.0 as Double)))
    let j = Gaussians(mean: Tensor([2.0] as [Double]), .spherical(Tensor(3.0 as Double)))
    try expectClose(
      i.logKernel(with: j), -0.6931471805599453 - 0.5 - 0.9189385332046727, relative: 1e-14)
    // KL(Nⱼ ‖ Nᵢ) = ½ (3 + 4 − 1 − log 3).
    try expectClose(j.divergence(from: i), 3 - 0.5 * 1.0986122886681098, relative: 1e-14)
  }
}
