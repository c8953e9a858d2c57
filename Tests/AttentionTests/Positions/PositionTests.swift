import Attention
import Core
import LayerTesting
import Testing

@Suite struct PositionTests {
  @Test func `sinusoids of a few places`() throws {
    // sin and cos of t and of t / 100.
    let p = sinusoidalPositions(count: 2, width: 4, from: 1, dtype: .float64)
    try expectClose(
      p,
      Tensor(
        [
          [0.8414709848078965, 0.5403023058681398, 0.009999833334166664, 0.9999500004166653],
          [0.9092974268256817, -0.4161468365471424, 0.01999866669333308, 0.9998000066665778],
        ], dtype: .float64))
    #expect(sinusoidalPositions(count: 3, width: 5).shape == [3, 5])
  }

  @Test func `a shift of sinusoids is the same rotation everywhere`() throws {
    let p = sinusoidalPositions(count: 40, width: 8, dtype: .float64)
    // Inner products depend on the distance alone.
    let gram = matmul(p, p.transposed())
    for shift in 1..<10 {
      try expectClose(gram[0..<30, 0..<30], gram[shift..<(30 + shift), shift..<(30 + shift)])
    }
  }

  @Test(arguments: [RotaryPositions.Pairing.halves, .neighbours])
  func `rotary products depend on the distance alone, and lengths stay`(
    _ pairing: RotaryPositions.Pairing
  ) throws {
    let rotary = RotaryPositions(6, pairing: pairing)
    let x = hashed([1, 8], 1).broadcast(to: [20, 8])
    let y = hashed([1, 8], 2).broadcast(to: [20, 8])
    let products = matmul(rotary(x), rotary(y).transposed())
    for shift in 1..<8 {
      try expectClose(
        products[0..<10, 0..<10], products[shift..<(10 + shift), shift..<(10 + shift)])
    }
    try expectClose(square(rotary(x)).sum(along: 1), square(x).sum(along: 1))
    try expectClose(rotary(x[3..<5], from: 3), rotary(x)[3..<5])
    #expect(abs(products[0, 0] - products[0, 7]).item() > 1e-3)
  }

  @Test func `rotary by the formula`() throws {
    let x = Tensor([[1, 2, 3, 4]], dtype: .float64)
    let (c, s) = (0.5403023058681398, 0.8414709848078965)
    let (d, t) = (0.9999500004166653, 0.009999833334166664)
    try expectClose(
      RotaryPositions(4)(x, from: 1),
      Tensor([[c - 3 * s, 2 * d - 4 * t, s + 3 * c, 2 * t + 4 * d]], dtype: .float64))
    try expectClose(
      RotaryPositions(4, pairing: .neighbours)(x, from: 1),
      Tensor([[c - 2 * s, s + 2 * c, 3 * d - 4 * t, 3 * t + 4 * d]], dtype: .float64))
  }

  @Test func `rotary derivatives`() throws {
    for pairing in [RotaryPositions.Pairing.halves, .neighbours] {
      let rotary = RotaryPositions(4, pairing: pairing)
      try checkGradients(of: { rotary($0, from: 2) }, at: hashed([2, 3, 6], 1), order: 2)
    }
  }

  @Test func `slopes of linear biases`() throws {
    #expect(LinearBias(heads: 4).slopes == [0.25, 0.0625, 0.015625, 0.00390625])
    #expect(LinearBias(heads: 3).slopes == [0.0625, 0.00390625, 0.25])
    let bias = LinearBias(heads: 4)(queries: 2, keys: 3, firstQuery: 1)
    try expectClose(bias[0], Tensor([[-0.25, 0, -0.25], [-0.5, -0.25, 0]]))
  }

  @Test func `buckets of distances`() {
    // transformers' T5Attention._relative_position_bucket with 32 buckets up to 128.
    let both = BucketBias(heads: 1)
    let distances = [-300, -128, -64, -20, -9, -8, -7, -1, 0, 1, 7, 8, 12, 40, 127, 500]
    #expect(
      distances.map(both.bucket(of:)) == [
        15, 15, 14, 10, 8, 8, 7, 1, 0, 17, 23, 24, 25, 28, 31, 31,
      ])
    let past = BucketBias(heads: 1, isBidirectional: false)
    #expect(distances.map(past.bucket(of:))[..<10] == [31, 31, 26, 17, 9, 8, 7, 1, 0, 0])
  }

  @Test func `bucket biases are looked up and trained`() throws {
    let bias = withRandom(seed: 2) { BucketBias(heads: 2, buckets: 8, farthest: 16) }
    let table = bias(queries: 3, keys: 5, firstQuery: 1)
    #expect(table.shape == [2, 3, 5])
    for i in 0..<3 {
      for j in 0..<5 {
        #expect(table[.all, i, j] == bias.weight.value[bias.bucket(of: j - i - 1)])
      }
    }
    #expect(bias(queries: 0, keys: 5, firstQuery: 0).shape == [2, 0, 5])
  }

  @Test func `the laws of layers`() throws {
    try verify(layer: SinusoidalPositions(), at: hashed([2, 3, 4], 1))
    try verify(
      layer: withRandom(seed: 1) { LearnedPositions(5, width: 4) }, at: hashed([2, 3, 4], 1))
    let learned = withRandom(seed: 1) { LearnedPositions(5, width: 4) }
    try expectClose(learned(.zeros([1, 2, 4]), from: 3)[0], learned.weight.value[3...])
  }
}
