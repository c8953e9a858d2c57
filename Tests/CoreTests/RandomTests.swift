import Core
import Foundation
import LayerTesting
import Testing

@Suite struct RandomTests {
  @Test func `the same seed gives the same numbers, another one others`() {
    func draw(_ seed: UInt64) -> [Double] {
      var generator = RandomGenerator(seed: seed)
      return Tensor.randomNormal([100], using: &generator).scalars(as: Double.self)
        + Tensor.randomUniform([7], using: &generator).scalars(as: Double.self)
        + [Double(generator.next() >> 11)]
    }
    #expect(draw(1) == draw(1) && draw(1) != draw(2))
  }

  @Test func `the bits are those of Philox 4×32-10`() {
    // Salmon et al. 2011, known answers: key 0, counter 0 gives 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
    var generator = RandomGenerator(seed: 0)
    #expect(generator.next() == 0xe169_c58d_6627_e8d5)
  }

  @Test func `drawing does not depend on the threads, nor on how it is cut`() {
    let original = Parallel.threadCount
    defer { Parallel.threadCount = original }
    let draws = (1...3).map { count in
      Parallel.threadCount = count
      var generator = RandomGenerator(seed: 3)
      return (
        Tensor.randomNormal([100_003], using: &generator),
        Tensor.randomUniform([100_003], dtype: .float64, using: &generator),
        Tensor.randomIntegers([50_001], in: -5..<9, using: &generator),
        Tensor.randomBernoulli([50_001], probability: 0.3, using: &generator)
      )
    }
    for draw in draws {
      #expect(draw.0 == draws[0].0 && draw.1 == draws[0].1)
      #expect(draw.2 == draws[0].2 && draw.3 == draws[0].3)
    }
  }

  @Test func `split streams differ from each other and from their source`() {
    var generator = RandomGenerator(seed: 4)
    var (a, b) = (generator.split(), generator.split())
    let draws = [
      Tensor.randomNormal([50], using: &a), Tensor.randomNormal([50], using: &b),
      Tensor.randomNormal([50], using: &generator),
    ]
    #expect(draws[0] != draws[1] && draws[1] != draws[2] && draws[0] != draws[2])
    let correlation = (draws[0] * draws[1]).mean().item()
    #expect(abs(correlation) < 0.6)
  }

  @Test(arguments: [DType.float32, .float64])
  func `moments and distribution functions are right`(dtype: DType) {
    var generator = RandomGenerator(seed: 6)
    let count = 200_000
    let normal = Tensor.randomNormal(
      [count], mean: 2, deviation: 3, dtype: dtype, using: &generator)
    #expect(normal.dtype == dtype && normal.isFinite().all())
    #expect(abs(normal.mean().item() - 2) < 0.03 && abs(normal.variance().item() - 9) < 0.15)
    let standard = (normal - 2) / 3
    #expect(abs(pow(standard, 3).mean().item()) < 0.03)
    #expect(abs(pow(standard, 4).mean().item() - 3) < 0.1)
    #expect(kolmogorov(standard) { 0.5 * erfc(-$0 / 2.0.squareRoot()) } < 0.004)
    let uniform = Tensor.randomUniform([count], in: -1..<3, dtype: dtype, using: &generator)
    #expect(uniform.minimum().item() >= -1 && uniform.maximum().item() < 3)
    #expect(kolmogorov(uniform) { ($0 + 1) / 4 } < 0.004)
    let truth = Tensor.randomBernoulli([count], probability: 0.3, dtype: dtype, using: &generator)
    #expect(abs(truth.mean().item() - 0.3) < 0.005)
  }

  /// The greatest distance between the empirical and the given distribution function.
  private func kolmogorov(_ x: Tensor, _ distribution: (Double) -> Double) -> Double {
    let sorted = x.scalars(as: Double.self).sorted()
    let count = Double(sorted.count)
    return sorted.enumerated().reduce(0) { worst, element in
      let f = distribution(element.element)
      return max(
        worst, abs(f - Double(element.offset) / count), abs(Double(element.offset + 1) / count - f))
    }
  }

  @Test func `integers cover their range evenly`() {
    var generator = RandomGenerator(seed: 6)
    let draws = Tensor.randomIntegers([60_000], in: -2..<4, using: &generator)
    for value in -2..<4 {
      let share = (draws .== Double(value)).cast(to: .float32).mean().item()
      #expect(abs(share - 1 / 6.0) < 0.008)
    }
    #expect(
      Tensor.randomIntegers([3], in: 5..<6, dtype: .int32, using: &generator).scalars(as: Int.self)
        == [5, 5, 5])
    let wide = Tensor.randomIntegers([1000], in: Int.min..<Int.max, using: &generator)
    #expect((wide .< 0).any() && (wide .> 0).any())
  }

  @Test func `certain and impossible events`() {
    var generator = RandomGenerator(seed: 7)
    #expect(Tensor.randomBernoulli([1000], probability: 1, using: &generator).all())
    #expect(!Tensor.randomBernoulli([1000], probability: 0, using: &generator).any())
    let mask = Tensor.randomBernoulli(
      [1000], probability: 0.5, value: 2, dtype: .float32, using: &generator)
    #expect(((mask .== 0) .|| (mask .== 2)).all())
  }

  @Test func `a permutation holds each number once`() {
    var generator = RandomGenerator(seed: 8)
    let order = Tensor.randomPermutation(100, using: &generator).scalars(as: Int.self)
    #expect(order.sorted() == Array(0..<100) && order != Array(0..<100))
    #expect(Tensor.randomPermutation(0, using: &generator).shape == [0])
  }

  @Test func `categories come with the probability of their logits`() {
    var generator = RandomGenerator(seed: 9)
    let logits = log(Tensor([[0.1, 0.2, 0.7], [0.5, 0.5, 0]]))
    let draws = Tensor.randomCategorical(logits: logits, count: 30_000, using: &generator)
    #expect(draws.shape == [2, 30_000] && draws.dtype == .int64)
    for (row, expected) in [[0.1, 0.2, 0.7], [0.5, 0.5, 0]].enumerated() {
      for (label, probability) in expected.enumerated() {
        let share = (draws[row] .== Double(label)).cast(to: .float32).mean().item()
        #expect(abs(share - probability) < 0.012)
      }
    }
  }

  @Test func `withRandom fixes initialisation, scopes nest`() {
    func weights(_ seed: UInt64) -> Tensor { withRandom(seed: seed) { Dense(4, 3) }.weight.value }
    #expect(weights(1) == weights(1) && weights(1) != weights(2))
    let pair = withRandom(seed: 1) { (Dense(4, 3), Dense(4, 3)) }
    #expect(pair.0.weight.value == weights(1) && pair.0.weight.value != pair.1.weight.value)
    let nested = withRandom(seed: 1) {
      _ = withRandom(seed: 2) { Dense(4, 3) }
      return Dense(4, 3)
    }
    #expect(nested.weight.value == weights(1))
    var generator = RandomGenerator(seed: 1)
    let (first, second) = (
      withRandom(using: &generator) { Dense(4, 3) }, withRandom(using: &generator) { Dense(4, 3) }
    )
    #expect(first.weight.value == weights(1) && first.weight.value != second.weight.value)
    #expect(Dense(4, 3).weight.value != Dense(4, 3).weight.value)
  }

  @Test func `initialisers have their spreads`() throws {
    func draw(_ initializer: Initializer) -> Tensor {
      withRandom(seed: 3) { initializer.tensor([300, 200], inputs: 200, outputs: 300) }
    }
    func check(_ initializer: Initializer, _ variance: Double) {
      let weight = draw(initializer)
      #expect(abs(weight.variance().item() / variance - 1) < 0.03)
      #expect(abs(weight.mean().item()) < 0.01)
    }
    check(.glorotUniform, 2 / 500.0)
    check(.glorotNormal, 2 / 500.0)
    check(.heUniform, 2 / 200.0)
    check(.heNormal, 2 / 200.0)
    check(.lecunUniform, 1 / 200.0)
    check(.lecunNormal, 1 / 200.0)
    check(.normal(deviation: 0.1), 0.01)
    check(.uniform(in: -0.3..<0.3), 0.03)
    #expect(draw(.constant(2)) == Tensor.full([300, 200], 2))
    let tall = withRandom(seed: 1) {
      Initializer.orthogonal().tensor([40, 30], inputs: 30, outputs: 40)
    }
    try expectClose(matmul(tall.transposed(), tall), Tensor.identity(30), absolute: 1e-5)
    let wide = withRandom(seed: 1) {
      Initializer.orthogonal(gain: 2).tensor([3, 2, 4], inputs: 8, outputs: 3)
    }.reshaped([3, 8])
    try expectClose(matmul(wide, wide.transposed()), 4 * Tensor.identity(3), absolute: 1e-5)
  }
}
