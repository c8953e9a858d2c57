import Attention
import Core
import LayerTesting
import Testing

@Suite struct MultiHeadTests {
  static func layers() -> [MultiHeadAttention] {
    withRandom(seed: 5) {
      [
        MultiHeadAttention(8, heads: 2),
        MultiHeadAttention(8, heads: 4, keyValueHeads: 2, hasBias: false, dropout: 0.3),
        MultiHeadAttention(8, heads: 2, rotary: RotaryPositions(4)),
        MultiHeadAttention(8, heads: 2, rotary: RotaryPositions(2, pairing: .neighbours)),
        MultiHeadAttention(8, heads: 2, positionBias: LinearBias(heads: 2)),
        MultiHeadAttention(
          8, heads: 2, positionBias: BucketBias(heads: 2, buckets: 8, farthest: 6)),
      ]
    }
  }

  @Test(arguments: 0..<6) func `the laws of layers`(_ index: Int) throws {
    let layer = Self.layers()[index]
    try verify(layer: layer, at: hashed([2, 5, 8], 1), order: index == 0 ? 2 : 1)
  }

  @Test(arguments: 0..<6) func `decoding by steps equals the causal pass`(_ index: Int) throws {
    let layer = Self.layers()[index]
    layer.convert(to: .float64)
    let x = hashed([3, 9, 8], 2)
    let whole = layer(x, isCausal: true)
    for sizes in [[9], [1, 1, 1, 1, 1, 1, 1, 1, 1], [4, 1, 1, 3]] {
      var cache = KeyValueCache()
      let parts = x.split(sizes: sizes, along: 1).map { layer($0, cache: &cache) }
      try expectClose(concatenated(parts, along: 1), whole, relative: 1e-12)
      #expect(cache.count == 9)
    }
  }

  @Test func `cached keys and values of a memory`() throws {
    let layer = withRandom(seed: 6) { MultiHeadAttention(8, heads: 2, keyWidth: 5, valueWidth: 3) }
    layer.convert(to: .float64)
    let (x, key, value) = (hashed([2, 3, 8], 1), hashed([2, 4, 5], 2), hashed([2, 4, 3], 3))
    let padding = paddingMask(lengths: [4, 2], count: 4)
    let cache = layer.cache(key: key, value: value)
    try expectClose(
      layer(x, to: cache, padding: padding), layer(x, key, value, padding: padding))
  }

  @Test func `a reordered cache continues the reordered sequences`() throws {
    let layer = Self.layers()[0]
    layer.convert(to: .float64)
    let x = hashed([3, 4, 8], 2)
    let order = Tensor(scalars: [2, 2, 0], shape: [3])
    var cache = KeyValueCache()
    _ = layer(x[.all, 0..<3], cache: &cache)
    cache.reorder([2, 2, 0])
    let last = layer(x[.all, 3...].gathered(at: order), cache: &cache)
    try expectClose(last, layer(x.gathered(at: order), isCausal: true)[.all, 3...], relative: 1e-12)
  }

  @Test func `padding hides keys as cutting them off does`() throws {
    let layer = Self.layers()[0]
    let x = hashed([2, 6, 8], 1, dtype: .float32)
    let y = layer(x, padding: paddingMask(lengths: [6, 4], count: 6))
    try expectClose(y[1, 0..<4], layer(x[1..., 0..<4])[0], relative: 1e-5)
  }

  @Test func `averaged weights are the mean over heads`() throws {
    let layer = Self.layers()[1]
    let x = hashed([2, 6, 8], 1, dtype: .float32)
    let (_, each) = layer.withWeights(x)
    let (_, mean) = layer.withWeights(x, averaged: true)
    #expect(each.shape == [2, 4, 6, 6])
    try expectClose(mean, each.mean(along: 1))
    try expectClose(each.sum(along: -1), .ones([2, 4, 6]))
  }

  @Test func `a summary counts the products`() {
    let part = summary(of: Self.layers()[0], input: [3, 5, 8])
    // Four projections and two products of attention.
    #expect(part.multiplyAdds == 3 * (5 * 8 * 8 * 4 + 2 * 5 * 5 * 8))
    #expect(part.parameterCount == 4 * 8 * 9)
  }
}
