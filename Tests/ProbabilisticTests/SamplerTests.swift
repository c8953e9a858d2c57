import Core
import Testing

@testable import Probabilistic

@Suite struct SamplerTests {
  static let continuous: [any CumulativeDistribution] = [
    Normal(mean: wide([1, -3]), deviation: wide([2, 0.5])),
    LogNormal(location: wide([0.5]), scale: wide([0.8])),
    Laplace(location: wide([-1]), scale: wide([2])),
    StudentT(degreesOfFreedom: wide([0.7, 2, 30]), location: wide([1]), scale: wide([2])),
    Cauchy(location: wide([1]), scale: wide([3])),
    Uniform(low: wide([-1]), high: wide([4])),
    Exponential(rate: wide([2])),
    Gamma(concentration: wide([0.02, 0.5, 1, 3, 400]), rate: wide([2])),
    Beta(alpha: wide([0.3, 2, 0.2]), beta: wide([0.6, 5, 0.4])),
    Mixture(
      weights: Categorical(logits: wide([0, 1])),
      components: Normal(mean: wide([-2, 1]), deviation: wide([0.3, 1]))),
  ]

  /// The greatest distance of the empirical from the true distribution function; a thousandth of
  /// all samples of n numbers is above 1.95/√n.
  @Test(arguments: continuous.indices)
  func `samples pass the test of Kolmogorov and Smirnov`(_ index: Int) {
    let distribution = Self.continuous[index]
    var generator = RandomGenerator(seed: 11)
    let count = 4000
    let x = distribution.sample([count], using: &generator)
    let u = distribution.cumulative(x).reshaped([count, -1])
    for column in 0..<u.shape[1] {
      let sorted = u[0..., column].scalars(as: Double.self).sorted()
      let distance = sorted.enumerated().map { place, u in
        max(Double(place + 1) / Double(count) - u, u - Double(place) / Double(count))
      }.max()!
      #expect(distance < 1.95 / Double(count).squareRoot(), "\(distribution), \(column)")
    }
  }

  static let counting: [any CumulativeDistribution] = [
    Bernoulli(probability: wide([0.3])), Bernoulli(logits: wide([2])),
    Binomial(trials: wide([12]), probability: wide([0.3])),
    Binomial(trials: wide([400]), probability: wide([0.97])),
    Binomial(trials: wide([5]), probability: wide([1])),
    Geometric(probability: wide([0.2])), Geometric(logits: wide([1])),
    Poisson(rate: wide([0.4])), Poisson(rate: wide([37])),
  ]

  @Test(arguments: counting.indices)
  func `counts have their probabilities, and these add up to the distribution function`(
    _ index: Int
  ) {
    let distribution = Self.counting[index]
    var generator = RandomGenerator(seed: 12)
    let count = 20_000
    let x = distribution.sample([count], using: &generator).scalars(as: Int.self)
    let k = Tensor.range(0..<420).cast(to: .float64).expandingShape(at: -1)
    let probabilities = exp(distribution.logDensity(k)).flattened()
    expectEqual(
      probabilities.cumulativeSum(), distribution.cumulative(k).flattened(), 1e-12, "cumulative")
    let p = probabilities.scalars(as: Double.self)
    var (chiSquare, bins) = (0.0, 0.0)
    for k in p.indices where Double(count) * p[k] >= 5 {
      let expected = Double(count) * p[k]
      let seen = Double(x.count { $0 == k })
      chiSquare += (seen - expected) * (seen - expected) / expected
      bins += 1
    }
    #expect(chiSquare < bins + 4 * (2 * bins).squareRoot(), "\(distribution)")
  }

  @Test func `moments of many trials and high rates`() {
    var generator = RandomGenerator(seed: 13)
    for distribution: any Distribution in [
      Binomial(trials: wide([1e6]), probability: wide([0.4])), Poisson(rate: wide([3e5])),
    ] {
      let x = distribution.sample([2000], using: &generator)
      let (mean, variance) = (distribution.mean.item(), distribution.variance.item())
      #expect(abs(x.mean().item() - mean) < 4 * (variance / 2000).squareRoot())
      #expect(abs(x.variance().item() / variance - 1) < 0.15)
    }
  }

  static let vectors: [any Distribution] = [
    Dirichlet(concentration: Tensor([[0.3, 2, 5], [0.01, 0.02, 0.01]], dtype: .float64)),
    Multinomial(trials: 9, draw: Categorical(probabilities: wide([0.2, 0, 0.5, 0.3]))),
    MultivariateNormal(
      mean: wide([1, 2]), choleskyFactor: Tensor([[2, 0], [-1, 0.5]], dtype: .float64)),
    MultivariateNormal(mean: wide([1, 2, 0]), deviations: wide([2, 0.1, 1])),
    MultivariateNormal(
      mean: wide([1, 2]), factor: Tensor([[2], [-1]], dtype: .float64), diagonal: wide([1, 0.2])),
  ]

  @Test(arguments: vectors.indices)
  func `vectors have their means and variances`(_ index: Int) {
    let distribution = Self.vectors[index]
    var generator = RandomGenerator(seed: 14)
    let x = distribution.sample([20_000], using: &generator)
    #expect(Array(x.shape) == [20_000] + Array(distribution.mean.shape))
    #expect(distribution.logDensity(x).isNaN().any() == false)
    let error = sqrt(distribution.variance / 20_000)
    #expect((abs(x.mean(along: 0) - distribution.mean) .<= 4 * error + 1e-12).all())
    expectEqual(
      x.variance(along: 0) / (distribution.variance + 1e-300),
      distribution.variance / (distribution.variance + 1e-300), 0.1, "variance")
  }

  @Test func `categories, shapes, dtypes and seeds`() {
    let logits = Tensor([[0, 1, -1], [2, 0, -Float.infinity]])
    let distribution = Categorical(logits: logits)
    var generator = RandomGenerator(seed: 15)
    let x = distribution.sample([4, 5000], using: &generator)
    #expect(x.shape == [4, 5000, 2] && x.dtype == .int64)
    let shares = x.oneHot(3, dtype: .float64).mean(along: 0, 1)
    expectEqual(shares, distribution.probabilities.cast(to: .float64), 0.02, "shares")
    #expect(distribution.logDensity(x).isFinite().all())
    #expect(distribution.logDensity(Tensor([[3, -1]])) == Tensor([[-Float.infinity, -.infinity]]))
    var (first, second) = (RandomGenerator(seed: 1), RandomGenerator(seed: 1))
    let gamma = Gamma(concentration: Tensor([0.5, 2]))
    #expect(gamma.sample([3], using: &first) == gamma.sample([3], using: &second))
    #expect(gamma.sample(using: &first).dtype == .float32)
  }
}
