import Core
import LayerTesting
import Testing

@testable import Probabilistic

@Suite struct DivergenceTests {
  @Test func `closed forms equal integrals`() {
    let p = Normal(mean: wide([0.3]), deviation: wide([0.8]))
    let q = Laplace(location: wide([-0.5]), scale: wide([1.3]))
    func numeric(_ p: some Distribution, _ q: some Distribution, _ range: ClosedRange<Double>)
      -> Tensor
    {
      integral(from: range.lowerBound, to: range.upperBound, points: 200_001) { x in
        let x = x.expandingShape(at: -1)
        let logP = p.logDensity(x)
        return exp(logP) * (logP - q.logDensity(x))
      }
    }
    expectEqual(klDivergence(p, q), numeric(p, q, -12...12), 1e-8, "normal, Laplace")
    expectEqual(klDivergence(q, p), numeric(q, p, -60...60), 1e-7, "Laplace, normal")
    let (g, h) = (
      Gamma(concentration: wide([2.5]), rate: wide([1.1])),
      Gamma(concentration: wide([1.2]), rate: wide([0.4]))
    )
    expectEqual(klDivergence(g, h), numeric(g, h, 1e-12...60), 1e-6, "gamma")
  }

  @Test func `zero for equals, infinite where something is excluded`() {
    let normal = Normal(mean: normals([3], 1), deviation: exp(normals([3], 2)))
    expectEqual(klDivergence(normal, normal), .zeros([3], dtype: .float64), 1e-15, "normal")
    let (wider, narrower) = (
      Uniform(low: wide([0]), high: wide([2])), Uniform(low: wide([0.5]), high: wide([1]))
    )
    #expect(klDivergence(wider, narrower).item() == .infinity)
    expectEqual(klDivergence(narrower, wider), wide([1.3862943611198906]), 1e-14, "uniform")
    let sure = Bernoulli(probability: wide([0, 1, 0.5]))
    let half = Bernoulli(probability: wide([0.5, 0.5, 0]))
    expectEqual(
      klDivergence(sure, half), wide([0.6931471805599453, 0.6931471805599453, .infinity]), 1e-15,
      "Bernoulli")
    let (p, q) = (
      Categorical(probabilities: wide([0, 0.5, 0.5])),
      Categorical(probabilities: wide([0.2, 0.8, 0]))
    )
    #expect(klDivergence(p, q).item() == .infinity)
  }

  @Test func `forms of a covariance can be mixed`() {
    let factor = normals([3, 3], 3) + 2 * Tensor.identity(3, dtype: .float64)
    let covariance = matmul(factor, factor.transposed()) + Tensor.identity(3, dtype: .float64)
    let deviations = exp(normals([3], 4))
    let w = normals([3, 1], 5)
    let full = MultivariateNormal(mean: normals([3], 6), covariance: covariance)
    let flat = MultivariateNormal(mean: normals([3], 7), deviations: deviations)
    let low = MultivariateNormal(mean: normals([3], 8), factor: w, diagonal: deviations)
    func asFull(_ x: MultivariateNormal) -> MultivariateNormal {
      MultivariateNormal(mean: x.mean, covariance: x.covariance)
    }
    for (p, q) in [(full, flat), (flat, full), (low, flat), (flat, low), (low, low)] {
      expectEqual(klDivergence(p, q), klDivergence(asFull(p), asFull(q)), 1e-11, "KL")
      expectEqual(
        logProductKernel(p, q), logProductKernel(asFull(q), asFull(p)), 1e-11, "product kernel")
    }
  }

  /// Course document 000, exercise 1.
  @Test func `the product kernel is the integral of the product`() throws {
    let p = Normal(mean: wide([0.3]), deviation: wide([0.8]))
    let q = Normal(mean: wide([-1]), deviation: wide([1.4]))
    let expected = integral(from: -15, to: 15) { x in
      exp(p.logDensity(x.expandingShape(at: -1)) + q.logDensity(x.expandingShape(at: -1)))
    }
    expectEqual(exp(logProductKernel(p, q)), expected, 1e-12, "integral")
    func vectors(_ x: Normal) -> MultivariateNormal {
      MultivariateNormal(mean: x.mean, deviations: x.deviation)
    }
    expectEqual(
      logProductKernel(vectors(p), vectors(q)), logProductKernel(p, q).squeezed(0), 1e-14, "vectors"
    )
    try checkGradients(
      of: { x in
        logProductKernel(
          Normal(mean: x[0], deviation: exp(x[1])), Normal(mean: x[1], deviation: exp(x[0])))
      }, at: [normals([2], 9), normals([2], 10)], order: 2)
  }

  struct Point: Distribution {
    let mean: Tensor
    var batchShape: Shape { mean.shape }
    var eventShape: Shape { [] }
    var dtype: DType { mean.dtype }
    var variance: Tensor { .zeros(like: mean) }
    func logDensity(_ value: Tensor) -> Tensor { log((value .== mean).cast(to: dtype)) }
    func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
      mean.broadcast(to: Shape(Array(shape) + Array(batchShape)))
    }
  }

  @Test func `a pair can be added once, and an unknown one says so`() async {
    registerDivergence(Point.self, Point.self) { p, q in
      -log((p.mean .== q.mean).cast(to: p.dtype))
    }
    #expect(
      klDivergence(Point(mean: wide([1, 2])), Point(mean: wide([1, 3]))) == wide([0, .infinity]))
    await #expect(processExitsWith: .failure) {
      _ = klDivergence(Point(mean: wide([1])), Poisson(rate: wide([1])))
    }
    await #expect(processExitsWith: .failure) {
      registerDivergence(Normal.self, Normal.self) { p, _ in p.mean }
    }
  }

  @Test func `wrong parameters trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = Normal(mean: Tensor(0), deviation: Tensor([1, 0]))
    }
    await #expect(processExitsWith: .failure) { _ = Bernoulli(probability: Tensor(1.5)) }
    await #expect(processExitsWith: .failure) {
      _ = Mixture(
        weights: Categorical(logits: Tensor.zeros([2])), components: Poisson(rate: Tensor.ones([3]))
      )
    }
  }
}
