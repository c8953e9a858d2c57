import Core
import Foundation
import Testing

@Suite struct RandomContinuousTests {
  static let count = 20_000

  @Test(arguments: [DType.float32, .float64])
  func `uniform and normal numbers are distributed as said`(dtype: DType) {
    var generator = RandomGenerator(seed: 21)
    let uniform = Tensor.randomUniform([Self.count], in: -1..<3, dtype: dtype, using: &generator)
    expectDistribution(uniform) { ($0 + 1) / 4 }
    expectMoments(uniform, mean: 1, variance: 16 / 12, kurtosis: 1.8)
    let normal = Tensor.randomNormal(
      [Self.count], mean: -3, deviation: 0.5, dtype: dtype, using: &generator)
    expectDistribution(normal) { normalDistribution(($0 + 3) / 0.5) }
    expectMoments(normal, mean: -3, variance: 0.25)
  }

  @Test(arguments: [DType.float32, .float64])
  func `exponential and Gumbel numbers are distributed as said`(dtype: DType) {
    var generator = RandomGenerator(seed: 22)
    let waits = Tensor.randomExponential([Self.count], rate: 2.5, dtype: dtype, using: &generator)
    #expect(waits.dtype == dtype && (waits .> 0).all())
    expectDistribution(waits) { -expm1(-2.5 * $0) }
    expectMoments(waits, mean: 0.4, variance: 0.16, kurtosis: 9)
    let extremes = Tensor.randomGumbel(
      [Self.count], location: 1, scale: 2, dtype: dtype, using: &generator)
    #expect(extremes.dtype == dtype && extremes.isFinite().all())
    expectDistribution(extremes) { exp(-exp(-($0 - 1) / 2)) }
    let euler = 0.577215664901532861
    expectMoments(
      extremes, mean: 1 + 2 * euler, variance: 4 * Double.pi * Double.pi / 6, kurtosis: 5.4)
  }

  static let truncations: [ClosedRange<Double>] = [
    -2...2, 0...0.5, -0.3...0.2, 1...6, 0...Double.infinity, -Double.infinity ... -1, 4...4.1,
    3...Double.infinity, -9 ... -5, -0.1...40, -40...3, 8...Double.infinity,
  ]

  @Test(arguments: truncations, [DType.float32, .float64])
  func `truncated normal numbers are those of the range`(range: ClosedRange<Double>, dtype: DType) {
    var generator = RandomGenerator(seed: 23)
    // The same range, in units of the deviation, at another mean and scale.
    let (mean, deviation) = (dtype == .float64 ? 3.0 : 0, dtype == .float64 ? 0.25 : 1)
    let (low, high) = (range.lowerBound, range.upperBound)
    let x = Tensor.randomTruncatedNormal(
      [Self.count], mean: mean, deviation: deviation,
      in: (mean + deviation * low)...(mean + deviation * high), dtype: dtype, using: &generator)
    #expect(x.dtype == dtype)
    #expect(x.minimum().item() >= mean + deviation * low)
    #expect(x.maximum().item() <= mean + deviation * high)
    // Tails are measured from their own side, where they lose no digits.
    let standard = (x.cast(to: .float64) - mean) / deviation
    if low > 0 {
      func tail(_ x: Double) -> Double { normalDistribution(-x) }
      expectDistribution(standard, "\(range)") {
        (tail(low) - tail($0)) / (tail(low) - tail(high))
      }
    } else {
      let mass = normalDistribution(high) - normalDistribution(low)
      expectDistribution(standard, "\(range)") {
        (normalDistribution($0) - normalDistribution(low)) / mass
      }
    }
  }

  @Test(arguments: [1e-2, 0.2, 0.7, 1, 1.3, 4, 60, 2000])
  func `gamma numbers are distributed as said`(concentration: Double) {
    var generator = RandomGenerator(seed: 24)
    let x = Tensor.randomGamma(
      [Self.count], concentration: concentration, scale: 3, dtype: .float64, using: &generator)
    expectDistribution(x, "α = \(concentration)") { gammaDistribution(concentration, $0 / 3) }
    expectMoments(
      x, mean: 3 * concentration, variance: 9 * concentration, kurtosis: 3 + 6 / concentration)
    let single = Tensor.randomGamma([Self.count], concentration: concentration, using: &generator)
    #expect(single.dtype == .float32 && single.isFinite().all() && (single .>= 0).all())
    if concentration >= 0.2 {
      expectDistribution(single, "α = \(concentration)") { gammaDistribution(concentration, $0) }
    }
  }

  @Test func `each element has its own concentration`() {
    var generator = RandomGenerator(seed: 25)
    let concentrations = [0.5, 2, 30.0]
    let parameters = Tensor(concentrations, dtype: .float64).broadcast(to: [20_000, 3])
    let x = Tensor.randomGamma(concentration: parameters, using: &generator)
    #expect(x.shape == [20_000, 3] && x.dtype == .float64)
    for (column, a) in concentrations.enumerated() {
      expectDistribution(x[.all, column]) { gammaDistribution(a, $0) }
    }
    let extremes = Tensor([1e15, 1e-300], dtype: .float64)
    let y = Tensor.randomGamma(concentration: extremes, using: &generator)
    #expect(abs(y[0].item() / 1e15 - 1) < 1e-6 && y[1].item() == 0)
  }

  @Test func `a longer draw begins like a shorter one`() {
    var (short, long) = (RandomGenerator(seed: 27), RandomGenerator(seed: 27))
    let few = Tensor.randomGamma([77], concentration: 0.3, using: &short)
    #expect(few == Tensor.randomGamma([300], concentration: 0.3, using: &long)[0..<77])
    #expect(short.next() == long.next())
  }

  @Test func `empty draws and odd parameters`() {
    var generator = RandomGenerator(seed: 28)
    #expect(Tensor.randomGamma([0, 3], concentration: 1, using: &generator).shape == [0, 3])
    #expect(Tensor.randomTruncatedNormal([0], using: &generator).shape == [0])
    #expect(Tensor.randomExponential([2, 0], using: &generator).shape == [2, 0])
    #expect(Tensor.randomUniform([4], in: 2..<2, using: &generator) == Tensor([2, 2, 2, 2]))
    #expect(
      Tensor.randomNormal([3], mean: 5, deviation: 0, using: &generator) == Tensor([5, 5, 5]))
    let streams = generator.split(3)
    #expect(Set(streams).count == 3)
  }

  @Test func `impossible parameters trap`() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomGamma([3], concentration: 0, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomGamma(concentration: Tensor([1, -1]), using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomTruncatedNormal([3], in: 1...1, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomExponential([3], rate: -1, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomUniform([3], in: 0..<Double.infinity, using: &generator)
    }
  }
}
