import Attention
import Core
import LayerTesting
import Testing

@Suite struct TransformerTests {
  static let configurations: [TransformerConfiguration] = [
    .init(width: 8, heads: 2, hidden: 6),
    .init(width: 8, heads: 4, hidden: 6, keyValueHeads: 2, activation: .gelu, isPreNorm: true),
    .init(
      width: 8, heads: 2, hidden: 5, activation: .init { tanh($0) }, dropout: 0.2,
      isPreNorm: true, hasBias: false, rotary: RotaryPositions(4)),
  ]

  @Test(arguments: 0..<3) func `the laws of layers`(_ index: Int) throws {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([2, 3, 8], using: &generator)
    let layer = withRandom(seed: 2) { TransformerEncoderLayer(Self.configurations[index]) }
    try verify(layer: layer, at: x, order: 0)
    // The rectifier has kinks.
    try checkGradients(of: layer, at: x, order: index == 0 ? 1 : 2, positions: 2)
  }

  @Test func `second derivatives of a decoder layer`() throws {
    let layer = withRandom(seed: 3) {
      TransformerDecoderLayer(
        .init(width: 4, heads: 2, hidden: 5, activation: .gelu, dropout: 0.1))
    }
    var generator = RandomGenerator(seed: 4)
    let x = Tensor.randomNormal([2, 3, 4], using: &generator)
    let memory = Tensor.randomNormal([2, 2, 4], using: &generator)
    try checkGradients(of: layer, at: [x, memory], order: 2, positions: 2) {
      layer(DecoderInput($0[0], memory: $0[1]))
    }
  }

  @Test(arguments: 0..<3) func `an encoder step by step equals its causal pass`(
    _ index: Int
  ) throws {
    let encoder = withRandom(seed: 5) {
      TransformerEncoder(Self.configurations[index], depth: 2, hasFinalNorm: index == 0)
    }
    encoder.convert(to: .float64)
    var generator = RandomGenerator(seed: 6)
    let x = Tensor.randomNormal([2, 7, 8], dtype: .float64, using: &generator)
    var caches = encoder.emptyCaches()
    let steps = x.split(sizes: [1, 1, 3, 2], along: 1).map { encoder($0, caches: &caches) }
    try expectClose(concatenated(steps, along: 1), encoder(x, isCausal: true))
  }

  @Test func `a decoder step by step equals its causal pass`() throws {
    let decoder = withRandom(seed: 7) {
      TransformerDecoder(.init(width: 8, heads: 2, hidden: 9, isPreNorm: true), depth: 2)
    }
    #expect(decoder.finalNorm != nil)
    decoder.convert(to: .float64)
    var generator = RandomGenerator(seed: 8)
    let x = Tensor.randomNormal([2, 5, 8], dtype: .float64, using: &generator)
    let memory = Tensor.randomNormal([2, 4, 8], dtype: .float64, using: &generator)
    let padding = paddingMask(lengths: [4, 2], count: 4)
    var caches = decoder.emptyCaches()
    let steps = (0..<5).map {
      decoder(
        DecoderInput(x.narrowed(1, from: $0, count: 1), memory: memory), caches: &caches,
        memoryPadding: padding)
    }
    try expectClose(
      concatenated(steps, along: 1),
      decoder(
        DecoderInput(x, memory: memory), DecoderMasks(memoryPadding: padding, isCausal: true)))
  }

  @Test func `weights beside the result`() throws {
    let encoder = withRandom(seed: 5) { TransformerEncoder(Self.configurations[1], depth: 2) }
    var generator = RandomGenerator(seed: 6)
    let x = Tensor.randomNormal([2, 5, 8], using: &generator)
    let (output, weights) = encoder.withWeights(x, isCausal: true)
    try expectClose(output, encoder(x, isCausal: true))
    #expect(weights.map(\.shape) == [[2, 4, 5, 5], [2, 4, 5, 5]])
    try expectClose(weights[1].sum(along: -1), Tensor.ones([2, 4, 5]))
  }

  @Test func `dropout is on in training only, and the seed decides`() {
    let layer = withRandom(seed: 2) { TransformerEncoderLayer(.init(width: 8, heads: 2)) }
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([2, 3, 8], using: &generator)
    func trained(_ seed: UInt64) -> Tensor {
      inMode(.training) { withRandom(seed: seed) { layer(x) } }
    }
    #expect(trained(1) == trained(1))
    #expect(trained(1) != trained(2))
    #expect(layer(x) == layer(x))
  }

  /// An encoder without positions does not know the order of its input.
  @Test func `without positions a permutation goes through`() throws {
    let encoder = withRandom(seed: 3) { TransformerEncoder(Self.configurations[0], depth: 2) }
    encoder.convert(to: .float64)
    var generator = RandomGenerator(seed: 6)
    let x = Tensor.randomNormal([2, 5, 8], dtype: .float64, using: &generator)
    let order = Tensor([4, 0, 3, 1, 2] as [Int])
    try expectClose(
      encoder(x.gathered(at: order, along: 1)), encoder(x).gathered(at: order, along: 1))
  }

  @Test func `names of PyTorch are those of its modules`() {
    let layer = TransformerDecoderLayer(.init(width: 4, heads: 2))
    #expect(
      layer.namedParameters.map { TransformerDecoderLayer.pyTorchName(of: $0.name) } == [
        "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight",
        "self_attn.out_proj.bias", "multihead_attn.in_proj_weight",
        "multihead_attn.in_proj_bias", "multihead_attn.out_proj.weight",
        "multihead_attn.out_proj.bias", "linear1.weight", "linear1.bias", "linear2.weight",
        "linear2.bias", "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias",
        "norm3.weight", "norm3.bias",
      ])
  }

  @Test func `a summary counts what a layer holds and does`() {
    let encoder = TransformerEncoder(.init(width: 8, heads: 2, hidden: 16), depth: 2)
    let summary = summary(of: encoder, input: [1, 5, 8])
    // 4 · 8² + 4 · 8 in attention, 2 · 8 · 16 + 24 in the maps, 4 · 8 in the norms.
    #expect(encoder.parameterCount == 2 * (4 * 64 + 32 + 256 + 24 + 32))
    #expect("\(summary)".contains("feedForward.hidden"))
  }
}
