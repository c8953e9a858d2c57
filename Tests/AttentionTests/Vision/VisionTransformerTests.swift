import Attention
import Core
import LayerTesting
import Testing

@Suite struct VisionTransformerTests {
  private func pictures(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var generator = RandomGenerator(seed: seed)
    return .randomNormal(shape, using: &generator)
  }

  private func model(
    _ pooling: VisionTransformer.Pooling, dropout: Double = 0
  ) -> VisionTransformer {
    let model = withRandom(seed: 2) {
      VisionTransformer(
        imageSize: [4, 6], channels: 2, patch: 2, classes: 3, width: 6, depth: 1, heads: 2,
        hidden: 5, pooling: pooling, dropout: dropout)
    }
    // The head starts at 0, where nothing behind it has a gradient.
    model.head.weight.value = pictures([3, 6], seed: 3)
    return model
  }

  /// Layers are all alike, so that 0 and 1 of them tell how many parameters 12 have.
  @Test func `ViT-B/16 has 86,567,656 parameters`() {
    let counts = [0, 1].map { depth in
      VisionTransformer(
        imageSize: [224, 224], patch: 16, classes: 1000, width: 768, depth: depth, heads: 12
      ).parameterCount
    }
    #expect(counts[0] + 12 * (counts[1] - counts[0]) == 86_567_656)
  }

  @Test func `patches are a convolution by its definition`() throws {
    let layer = withRandom(seed: 1) { PatchEmbedding(channels: 2, patch: 3, width: 4) }
    let x = pictures([2, 2, 6, 9])
    let y = layer(x)
    #expect(y.shape == [2, 6, 4])
    for (row, column) in [(0, 0), (1, 2), (0, 1)] {
      let window = x[.all, .all, (3 * row)..<(3 * row + 3), (3 * column)..<(3 * column + 3)]
      let expected = einsum("bcij,ocij->bo", window.contiguous(), layer.weight.value)
      try expectClose(y[.all, 3 * row + column], expected + layer.bias.value, absolute: 1e-5)
    }
  }

  @Test(arguments: [VisionTransformer.Pooling.classToken, .mean])
  func `the laws of layers`(_ pooling: VisionTransformer.Pooling) throws {
    try verify(layer: model(pooling), at: pictures([2, 2, 4, 6]), order: 0)
    try checkGradients(of: model(pooling), at: pictures([2, 2, 4, 6]), order: 2, positions: 2)
    try verify(layer: model(pooling, dropout: 0.2), at: pictures([2, 2, 4, 6]), order: 0)
    try verify(layer: PatchEmbedding(channels: 2, patch: 2, width: 3), at: pictures([2, 2, 4, 6]))
  }

  @Test func `weights of attention sum to one, with the same logits`() throws {
    let model = model(.classToken)
    let x = pictures([3, 2, 4, 6])
    let (logits, weights) = model.withWeights(x)
    try expectClose(logits, model(x))
    #expect(weights.map(\.shape) == [[3, 2, 7, 7]])
    try expectClose(weights[0].sum(along: -1), Tensor.ones([3, 2, 7]))
  }

  @Test func `names of timm`() {
    let names = model(.classToken).namedParameters.map { VisionTransformer.timmName(of: $0.name) }
    #expect(
      names == [
        "patch_embed.proj.weight", "patch_embed.proj.bias", "cls_token", "pos_embed",
        "blocks.0.attn.qkv.weight", "blocks.0.attn.qkv.bias", "blocks.0.attn.proj.weight",
        "blocks.0.attn.proj.bias", "blocks.0.mlp.fc1.weight", "blocks.0.mlp.fc1.bias",
        "blocks.0.mlp.fc2.weight", "blocks.0.mlp.fc2.bias", "blocks.0.norm1.weight",
        "blocks.0.norm1.bias", "blocks.0.norm2.weight", "blocks.0.norm2.bias", "norm.weight",
        "norm.bias", "head.weight", "head.bias",
      ])
  }

  @Test func `pictures of another size trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = VisionTransformer(
        imageSize: [5, 4], patch: 2, classes: 2, width: 4, depth: 1, heads: 1)
    }
    await #expect(processExitsWith: .failure) {
      let model = VisionTransformer(
        imageSize: [4, 4], channels: 1, patch: 2, classes: 2, width: 4, depth: 1, heads: 1)
      _ = model(Tensor.zeros([1, 1, 4, 6]))
    }
  }
}
