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

  @Test func `split streams are independent of each other and of their source`() {
    var generator = RandomGenerator(seed: 4)
    var streams = generator.split(4)
    streams.append(generator)
    let count = 10_000
    let draws = streams.indices.map { Tensor.randomNormal([count], using: &streams[$0]) }
    for (index, draw) in draws.enumerated() {
      expectDistribution(draw) { normalDistribution($0) }
      for other in draws[..<index] {
        #expect(abs((draw * other).mean().item()) < 5 / Double(count).squareRoot())
      }
    }
    // Splitting takes one block of the source, whatever is drawn from the split.
    var (a, b) = (RandomGenerator(seed: 5), RandomGenerator(seed: 5))
    var split = a.split()
    _ = Tensor.randomNormal([100], using: &split)
    _ = b.split()
    #expect(a == b && a.next() == b.next())
  }

  @Test func `integer ranges may be of one number or of all`() {
    var generator = RandomGenerator(seed: 6)
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
