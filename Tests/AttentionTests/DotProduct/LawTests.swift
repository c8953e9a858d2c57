import Attention
import Core
import LayerTesting
import Testing

@Suite struct AttentionLawTests {
  @Test func `one key gives its value, whatever the query`() throws {
    let value = hashed([2, 3, 1, 4], 3)
    let y = scaledDotProductAttention(hashed([2, 3, 5, 6], 1), hashed([2, 3, 1, 6], 2), value)
    try expectClose(y, value.broadcast(to: [2, 3, 5, 4]))
  }

  @Test func `equal scores give the mean of the values`() throws {
    let value = hashed([1, 1, 7, 4], 3)
    let y = scaledDotProductAttention(.zeros([1, 1, 2, 6]), hashed([1, 1, 7, 6], 2), value)
    try expectClose(y, value.mean(along: 2, keepingAxes: true).broadcast(to: [1, 1, 2, 4]))
  }

  @Test func `a constant added to a row of scores changes nothing`() throws {
    let (q, k, v) = (hashed([3, 4, 6], 1), hashed([3, 5, 6], 2), hashed([3, 5, 2], 3))
    let row = hashed([3, 4, 1], 4) * 100
    try expectClose(
      scaledDotProductAttention(q, k, v, mask: row), scaledDotProductAttention(q, k, v),
      relative: 1e-12)
  }

  @Test func `permuted keys and values change nothing`() throws {
    let (q, k, v) = (hashed([3, 4, 6], 1), hashed([3, 5, 6], 2), hashed([3, 5, 2], 3))
    let order = Tensor(scalars: [3, 1, 4, 0, 2], shape: [5])
    try expectClose(
      scaledDotProductAttention(
        q, k.gathered(at: order, along: 1), v.gathered(at: order, along: 1)),
      scaledDotProductAttention(q, k, v), relative: 1e-12)
  }

  @Test func `causal attention equals a causal mask, from any first query`() throws {
    let (q, k, v) = (hashed([2, 40, 6], 1), hashed([2, 70, 6], 2), hashed([2, 70, 3], 3))
    for first in [0, 7, 30, 69, -5] {
      try expectClose(
        scaledDotProductAttention(q, k, v, isCausal: true, firstQuery: first),
        scaledDotProductAttention(
          q, k, v, mask: causalMask(queries: 40, keys: 70, firstQuery: first)), relative: 1e-12)
    }
  }

  @Test func `shared heads equal repeated ones`() throws {
    let q = hashed([2, 6, 5, 4], 1)
    let (k, v) = (hashed([2, 2, 7, 4], 2), hashed([2, 2, 7, 3], 3))
    try expectClose(
      scaledDotProductAttention(q, k, v),
      scaledDotProductAttention(q, k.repeated(3, along: 1), v.repeated(3, along: 1)),
      relative: 1e-12)
  }

  @Test func `queries that see nothing give zeros and zero gradients`() throws {
    let inputs = [hashed([2, 4, 6], 1), hashed([2, 5, 6], 2), hashed([2, 5, 2], 3)]
    let mask = Tensor([[true, true, false, true, true], [false, false, false, false, false]])
    let rows = mask.gathered(at: Tensor(scalars: [0, 1, 0, 1], shape: [4]))
    for mask in [
      rows,
      Tensor.zeros([4, 5], dtype: .float64).filled(with: -.infinity, where: rows .== Tensor(false)),
    ] {
      let (y, gradients) = valueWithGradient(at: inputs) { inputs in
        let y = scaledDotProductAttention(inputs[0], inputs[1], inputs[2], mask: mask)
        return (y * hashed(y.shape, 4)).sum()
      }
      #expect(y.isFinite().all())
      #expect(gradients.allSatisfy { $0.isFinite().all() })
      #expect((gradients[0][.all, 1] .== 0).all())
      #expect((gradients[0][.all, 0] .!= 0).any())
      #expect((gradients[1][.all, 2] .== 0).all())
      let output = scaledDotProductAttention(inputs[0], inputs[1], inputs[2], mask: mask)
      #expect((output[.all, 3] .== 0).all())
    }
  }

  @Test func `large scores stay finite`() {
    let q = hashed([1, 3, 4], 1, dtype: .float32) * 1e18
    let y = scaledDotProductAttention(q, q, hashed([1, 3, 4], 2, dtype: .float32))
    #expect(y.isFinite().all())
  }

  @Test func `no queries, no keys, no batch`() {
    #expect(
      scaledDotProductAttention(.zeros([2, 0, 4]), .zeros([2, 3, 4]), .zeros([2, 3, 5])).shape
        == [2, 0, 5])
    let none = scaledDotProductAttention(.zeros([2, 3, 4]), .zeros([2, 0, 4]), .zeros([2, 0, 5]))
    #expect(none == .zeros([2, 3, 5]))
    #expect(
      scaledDotProductAttention(.zeros([0, 2, 3, 4]), .zeros([0, 2, 3, 4]), .zeros([0, 2, 3, 4]))
        .shape == [0, 2, 3, 4])
  }

  @Test func `first and second derivatives, with each kind of mask`() throws {
    let inputs = [hashed([2, 4, 3, 5], 1), hashed([2, 2, 4, 5], 2), hashed([2, 2, 4, 3], 3)]
    try checkGradients(of: { scaledDotProductAttention($0[0], $0[1], $0[2]) }, at: inputs, order: 2)
    try checkGradients(
      of: { scaledDotProductAttention($0[0], $0[1], $0[2], isCausal: true) }, at: inputs, order: 2)
    let seen = causalMask(queries: 3, keys: 4, firstQuery: -1)
    try checkGradients(
      of: { scaledDotProductAttention($0[0], $0[1], $0[2], mask: seen, scale: 0.3) }, at: inputs,
      order: 2)
    try checkGradients(
      of: { scaledDotProductAttention($0[0], $0[1], $0[2], mask: $0[3]) },
      at: inputs + [hashed([4, 1, 4], 4)], order: 2)
  }

  @Test func `dropout keeps the expectation, and its derivatives fit its mask`() throws {
    let (q, k, v) = (hashed([1, 1, 4], 1), hashed([1, 50, 4], 2), hashed([1, 50, 3], 3) + 1)
    let plain = scaledDotProductAttention(q, k, v)
    var sum = Tensor.zeros(like: plain)
    withRandom(seed: 3) {
      for _ in 0..<400 { sum = sum + scaledDotProductAttention(q, k, v, dropout: 0.3) }
    }
    try expectClose(sum / 400, plain, relative: 0.02)
    try checkGradients(
      of: { inputs in
        withRandom(seed: 4) {
          scaledDotProductAttention(inputs[0], inputs[1], inputs[2], dropout: 0.4)
        }
      }, at: [hashed([2, 3, 4], 1), hashed([2, 5, 4], 2), hashed([2, 5, 3], 3)], order: 2)
  }

  @Test func `masks`() {
    #expect(
      causalMask(queries: 2, keys: 4, firstQuery: 1)
        == Tensor([[true, true, false, false], [true, true, true, false]]))
    #expect(
      paddingMask(lengths: [0, 2], count: 3)
        == Tensor([[false, false, false], [true, true, false]]))
    #expect(
      windowMask(queries: 3, distance: 1)
        == Tensor([[true, true, false], [true, true, true], [false, true, true]]))
  }
}
