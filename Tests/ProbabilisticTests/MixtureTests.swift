import Core
import LayerTesting
import Testing

@testable import Probabilistic

private let mixture = Mixture(
  weights: Categorical(probabilities: Tensor([[0.3, 0.7], [0.5, 0.5]], dtype: .float64)),
  components: Normal(
    mean: Tensor([[-2, 1], [0, 0.5]], dtype: .float64),
    deviation: Tensor([[0.5, 1], [1, 2]], dtype: .float64)))

@Suite struct MixtureTests {
  @Test func `mean and variance are those of question 3, and the integrals`() {
    let (pi, mu) = (mixture.weights.probabilities, mixture.components.mean)
    let mean = (pi * mu).sum(along: -1)
    expectEqual(mixture.mean, mean, 1e-15, "mean")
    let second = (pi * (mixture.components.variance + mu * mu)).sum(along: -1)
    expectEqual(mixture.variance, second - mean * mean, 1e-13, "E y² − (E y)²")
    let x: (Tensor) -> Tensor = { $0.expandingShape(at: -1) }
    expectEqual(
      integral(from: -25, to: 25) { mixture.densities(at: $0) }, .ones([2], dtype: .float64), 1e-10,
      "total")
    expectEqual(
      integral(from: -25, to: 25) { mixture.densities(at: $0) * x($0) }, mean, 1e-10, "mean")
    expectEqual(
      integral(from: -25, to: 25) { mixture.densities(at: $0) * square(x($0) - mean) },
      mixture.variance, 1e-9, "variance")
    expectEqual(
      integral(from: -25, to: 0.7) { mixture.densities(at: $0) },
      mixture.cumulative(wide([0.7, 0.7])),
      1e-9, "distribution function")
  }

  @Test func `quantiles invert the distribution function, with derivatives`() throws {
    for p in [1e-6, 0.01, 0.3, 0.5, 0.9, 1 - 1e-6] {
      let share = wide([p, p])
      expectEqual(mixture.cumulative(mixture.quantile(share)), share, 1e-13, "p = \(p)")
    }
    #expect(mixture.quantile(wide([0, 1])) == wide([-.infinity, .infinity]))
    func quantile(_ x: [Tensor]) -> Tensor {
      Mixture(
        weights: Categorical(logits: x[0]), components: Normal(mean: x[1], deviation: exp(x[2]))
      ).quantile(x[3])
    }
    try checkGradients(
      of: quantile,
      at: [normals([2, 3], 1), normals([2, 3], 2), normals([2, 3], 3), wide([0.2, 0.6])],
      order: 2)
    // Between components that are far apart there is no density at all.
    let split = Mixture(
      weights: Categorical(logits: wide([0, 0])),
      components: Normal(mean: wide([-1e4, 1e4]), deviation: wide([1, 1])))
    #expect(abs(split.quantile(wide([0.5]).reshaped([])).item()) <= 1e4)
  }

  @Test func `modes are the maxima of the density`() {
    let modes = mixture.modes()
    #expect(modes.map(\.count) == [2, 1])
    let grid = Tensor.linspace(from: -5, to: 5, count: 100_001, dtype: .float64)
    let densities = mixture.densities(at: grid)
    for (row, found) in modes.enumerated() {
      let column = densities[0..., row].scalars(as: Double.self)
      let peaks = (1..<100_000).filter {
        column[$0] > column[$0 - 1] && column[$0] > column[$0 + 1]
      }
      let expected = peaks.sorted { column[$0] > column[$1] }.map { -5 + Double($0) * 1e-4 }
      #expect(expected.count == found.count)
      for (a, b) in zip(expected, found) { #expect(abs(a - b.position[0]) <= 1e-4) }
    }
    // Two equal components merge at a distance of two deviations.
    for (distance, count) in [(1.9, 1), (2.1, 2)] {
      let pair = Mixture(
        weights: Categorical(logits: wide([0, 0])),
        components: Normal(mean: wide([0, distance]), deviation: wide([1, 1])))
      #expect(pair.modes()[0].count == count)
    }
    // The middle start is stationary, but a minimum.
    let hollow = Mixture(
      weights: Categorical(probabilities: wide([0.45, 0.1, 0.45])),
      components: Normal(mean: wide([-3, 0, 3]), deviation: wide([1, 5, 1])))
    #expect(hollow.modes()[0].count == 2)
  }

  @Test func `vector mixtures: covariance, marginals, modes and samples`() {
    let layout = MixtureLayout(components: 2, targets: 2, covariance: .full)
    let outputs = wide([0.2, -0.1, -2, 0, 2, 1, -0.5, 0, 0.1, -0.3, 0.8, -0.6]).reshaped([1, 12])
    let mixture = layout.vectorMixture(outputs)
    #expect(mixture.batchShape == [1] && mixture.eventShape == [2])
    expectEqual(diagonal(mixture.covariance), mixture.variance, 1e-13, "diagonal")
    expectEqual(mixture.marginal(1).mean, mixture.mean[0..., 1], 1e-14, "marginal mean")
    expectEqual(mixture.marginal(1).variance, mixture.variance[0..., 1], 1e-13, "marginal variance")
    for mode in mixture.modes()[0] {
      let height = mixture.logDensity(wide(mode.position)).item()
      #expect(abs(height - mode.logDensity) < 1e-12)
      let (_, slope) = valueWithGradient(at: wide(mode.position)) { mixture.logDensity($0).sum() }
      #expect(slope.norm().item() < 1e-8)
    }
    #expect(mixture.modes()[0].count == 2)
    var generator = RandomGenerator(seed: 3)
    let x = mixture.sample([20_000], using: &generator).squeezed(1)
    #expect(x.shape == [20_000, 2])
    expectEqual(x.mean(along: 0), mixture.mean[0], 0.05, "mean of samples")
    let off = x - x.mean(along: 0)
    expectEqual(
      matmul(off.transposed(), off) / 20_000, mixture.covariance[0], 0.1, "covariance of samples")
  }

  @Test func `a mixture of any distributions, and values that none allows`() {
    let waits = Mixture(
      weights: Categorical(logits: wide([0, 1])), components: Exponential(rate: wide([1, 5])))
    expectEqual(
      integral(from: 0, to: 60, points: 40_001) { exp(waits.logDensity($0)) },
      .ones([], dtype: .float64), 1e-8, "total")
    #expect(waits.logDensity(wide([-1])).item() == -.infinity)
    let (_, slope) = valueWithGradient(at: wide([-1, 2])) { x in
      waits.logDensity(x)[1]
    }
    #expect(slope.isFinite().all())
    let counts = Mixture(
      weights: Categorical(logits: wide([0, 1])), components: Poisson(rate: wide([1, 8])))
    let k = Tensor.range(0..<60).cast(to: .float64)
    #expect(abs(counts.density(k).sum().item() - 1) < 1e-12)
  }
}
