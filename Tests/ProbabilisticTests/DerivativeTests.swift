import Core
import LayerTesting
import Testing

@testable import Probabilistic

@Suite struct DerivativeTests {
  @Test func `special functions`() throws {
    let x = exp(normals([6], 1))
    try checkGradients(of: { logGamma($0) }, at: x, order: 2)
    try checkGradients(of: { digamma($0) }, at: x, order: 2)
    try checkGradients(of: { polygamma(2, $0) }, at: x, order: 2)
    try checkGradients(of: { logGamma($0) }, at: wide([-0.5, -1.3, -2.7]), order: 2)
    try checkGradients(of: { erfc($0) }, at: normals([6], 2), order: 2)
    try checkGradients(of: { erfInverse($0) }, at: wide([-0.9, 0.1, 0.6]), order: 2)
    try checkGradients(of: { erfcInverse($0) }, at: wide([0.1, 1, 1.6]), order: 2)
    try checkGradients(of: { logBeta($0[0], $0[1]) }, at: [x, exp(normals([1], 3))], order: 2)
    try checkGradients(
      of: { logBinomial($0[0] + 3, $0[1]) }, at: [x, exp(normals([6], 4, scale: 0.3))])
    try checkGradients(of: { incompleteGamma($0[0], $0[1]) }, at: [x, 2 * x])
    try checkGradients(of: { incompleteGammaComplement($0[0], $0[1]) }, at: [x, 0.5 * x + 1])
    try checkGradients(
      of: { incompleteGamma(wide([2]), $0) }, at: x, order: 2)
    try checkGradients(
      of: { incompleteBeta(wide([2]), wide([0.7]), $0) }, at: wide([0.2, 0.7]), order: 2)
  }

  typealias Made = @Sendable (_ p: [Tensor]) -> any Distribution

  /// Two parameters a and b, any numbers, and a value that is allowed.
  static let families: [(Made, [Double])] = [
    ({ Normal(mean: $0[0], deviation: exp($0[1])) }, [0.3, -1]),
    ({ LogNormal(location: $0[0], scale: exp($0[1])) }, [0.3, 2]),
    ({ Laplace(location: $0[0], scale: exp($0[1])) }, [0.3, -1]),
    ({ StudentT(degreesOfFreedom: exp($0[0]), location: $0[1], scale: exp($0[1])) }, [0.3, -1]),
    ({ Cauchy(location: $0[0], scale: exp($0[1])) }, [0.3, -1]),
    ({ Uniform(low: $0[0] - 9, high: exp($0[1]) + 9) }, [0.3, -1]),
    ({ Exponential(rate: exp($0[0] * $0[1])) }, [0.3, 2]),
    ({ Gamma(concentration: exp($0[0]), rate: exp($0[1])) }, [0.3, 2]),
    ({ Beta(alpha: exp($0[0]), beta: exp($0[1])) }, [0.3, 0.9]),
    ({ Bernoulli(logits: $0[0] + $0[1]) }, [0, 1]),
    ({ Bernoulli(probability: sigmoid($0[0] + $0[1])) }, [0, 1]),
    ({ Binomial(trials: wide([7]), logits: $0[0] * $0[1]) }, [0, 5]),
    ({ Geometric(probability: sigmoid($0[0] + $0[1])) }, [0, 5]),
    ({ Poisson(rate: exp($0[0] + $0[1])) }, [0, 5]),
    ({ Dirichlet(concentration: exp(stacked([$0[0], $0[1]], along: -1))) }, [0.3, 0.7]),
    ({ Categorical(logits: stacked([$0[0], $0[1]], along: -1)) }, [0, 1]),
    (
      { Multinomial(trials: 3, draw: Categorical(logits: stacked([$0[0], $0[1]], along: -1))) },
      [1, 2]
    ),
    (
      {
        MultivariateNormal(
          mean: $0[0], factor: $0[1].expandingShape(at: -1), diagonal: exp($0[0]))
      }, [0.3, -1]
    ),
    ({ MultivariateNormal(mean: $0[0], deviations: exp($0[1])) }, [0.3, -1]),
    (
      {
        MultivariateNormal(
          mean: $0[0],
          covariance: diagonalMatrix(exp($0[0])) + $0[1].expandingShape(at: -1)
            * $0[1].expandingShape(at: -2))
      }, [0.3, -1]
    ),
  ]

  @Test(arguments: families.indices)
  func `log densities, entropies and moments in the parameters, to the second order`(
    _ index: Int
  ) throws {
    let (make, value) = Self.families[index]
    let (a, b) = (normals([2], 5, scale: 0.5), normals([2], 6, scale: 0.5))
    try checkGradients(of: { make($0).logDensity(wide(value)) }, at: [a, b], order: 2)
    try checkGradients(
      of: { p in
        guard let entropic = make(p) as? any EntropicDistribution else { return p[0] }
        return entropic.entropy
      }, at: [a, b], order: 2)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 6, 7, 8, 14, 17])
  func `log densities in the value`(_ index: Int) throws {
    let (make, value) = Self.families[index]
    let distribution = make([normals([2], 5, scale: 0.5), normals([2], 6, scale: 0.5)])
    if distribution is Dirichlet { return }
    try checkGradients(of: { distribution.logDensity($0) }, at: wide(value), order: 2)
  }

  @Test func `reparameterised samples move with location and scale`() throws {
    let parameters = [normals([3], 7), normals([3], 8)]
    func check(_ make: @escaping ([Tensor]) -> any ReparameterizedDistribution) throws {
      try checkGradients(
        of: { p in
          var generator = RandomGenerator(seed: 9)
          return make(p).reparameterizedSample([2], using: &generator)
        }, at: parameters, order: 2)
    }
    try check { Normal(mean: $0[0], deviation: exp($0[1])) }
    try check { LogNormal(location: $0[0], scale: exp($0[1])) }
    try check { Laplace(location: $0[0], scale: exp($0[1])) }
    try check { Cauchy(location: $0[0], scale: exp($0[1])) }
    try check { Uniform(low: $0[0], high: $0[0] + exp($0[1])) }
    try check { Exponential(rate: exp($0[0] + $0[1])) }
    try check { MultivariateNormal(mean: $0[0], deviations: exp($0[1])) }
    try check {
      MultivariateNormal(mean: $0[0], factor: $0[1].expandingShape(at: -1), diagonal: exp($0[0]))
    }
  }

  /// The implicit gradient keeps P(α, z) where it is; the pathwise gradient of E f(z) is dE f/dα.
  @Test func `gamma samples move with the concentration`() {
    let concentration = exp(normals([400], 10, scale: 2))
    var generator = RandomGenerator(seed: 11)
    let gamma = Gamma(concentration: concentration, rate: Tensor(1.0, dtype: .float64))
    var copy = generator
    let z = gamma.sample(using: &copy)
    let (_, slope) = valueWithGradient(at: concentration) { alpha in
      Gamma(concentration: alpha).reparameterizedSample(using: &generator).sum()
    }
    let step = 1e-5 * concentration
    let ahead = incompleteGamma(concentration + step, z + step * slope)
    let behind = incompleteGamma(concentration - step, z - step * slope)
    let scale = exp(gamma.logDensity(z)) * abs(step * slope) + 1e-9
    #expect((abs(ahead - behind) .<= 1e-5 * scale + 1e-13).all())
  }

  @Test func `pathwise gradients of expectations`() {
    var generator = RandomGenerator(seed: 12)
    func slope(
      _ start: [Double], _ f: (Tensor, inout RandomGenerator) -> Tensor
    ) -> Tensor {
      valueWithGradient(at: wide(start)) { f($0, &generator) }.1
    }
    // d E x / dα = β / (α + β)²,  d E x / dβ = −α / (α + β)²
    let beta = slope([1.5, 0.7]) {
      Beta(alpha: $0[0], beta: $0[1]).reparameterizedSample([40_000], using: &$1).mean()
    }
    expectEqual(beta, wide([0.7 / 4.84, -1.5 / 4.84]), 0.01, "beta")
    let dirichlet = slope([0.5, 1, 2]) {
      Dirichlet(concentration: $0).reparameterizedSample([40_000], using: &$1).mean(along: 0)[2]
    }
    expectEqual(dirichlet, wide([-2 / 12.25, -2 / 12.25, 1.5 / 12.25]), 0.01, "Dirichlet")
    // E |t| = 2√ν Γ((ν + 1)/2) / (√π (ν − 1) Γ(ν/2)); its slope at ν = 5 is −0.0381.
    let student = slope([5]) {
      abs(StudentT(degreesOfFreedom: $0).reparameterizedSample([80_000], using: &$1)).mean()
    }
    expectEqual(student, wide([-0.0381]), 0.004, "Student")
  }

  @Test func `second derivatives in a concentration trap`() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = hessian(at: Tensor([2.0, 3.0], dtype: .float64)) { alpha in
        Gamma(concentration: alpha).reparameterizedSample(using: &generator).sum()
      }
    }
  }
}
