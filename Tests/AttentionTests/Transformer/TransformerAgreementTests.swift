import Attention
import Core
import Testing

/// Against PyTorch, with its weights by name, over random configurations and masks.
@Suite struct TransformerAgreementTests {
  @Test func `every configuration was read`() {
    let kinds = Dictionary(grouping: TransformerCase.all, by: \.kind).mapValues(\.count)
    #expect(TransformerCase.all.count == 144)
    #expect(kinds["encoder"]! >= 40 && kinds["decoder"]! >= 40 && kinds["vision"] == 24)
  }

  @Test func `encoder layers and stacks`() throws {
    for c in TransformerCase.all where c.kind == "encoder" {
      let x = hashed([c.batch, c.time, c.width], 1) * 2
      let mask = c.mask(c.mask, c.time, c.time, seed: 5)
      let padding = c.lengths.map { paddingMask(lengths: $0, count: c.time) }
      let causal = c.mask == "causal"
      if c.depth == 0 {
        let layer = TransformerEncoderLayer(c.configuration)
        try c.check(layer, inputs: [x], naming: TransformerEncoderLayer.pyTorchName) {
          layer($0[0], mask: mask, padding: padding, isCausal: causal)
        }
      } else {
        let stack = TransformerEncoder(c.configuration, depth: c.depth, hasFinalNorm: c.final!)
        try c.check(stack, inputs: [x], naming: TransformerEncoder.pyTorchName) {
          stack($0[0], mask: mask, padding: padding, isCausal: causal)
        }
      }
    }
  }

  @Test func `decoder layers and stacks`() throws {
    for c in TransformerCase.all where c.kind == "decoder" {
      let memoryTime = c.memoryTime!
      let inputs = [
        hashed([c.batch, c.time, c.width], 1) * 2, hashed([c.batch, memoryTime, c.width], 2) * 2,
      ]
      let masks = DecoderMasks(
        mask: c.mask(c.mask, c.time, c.time, seed: 5),
        memoryMask: c.mask(c.memoryMask, c.time, memoryTime, seed: 6),
        padding: c.lengths.map { paddingMask(lengths: $0, count: c.time) },
        memoryPadding: c.memoryLengths.map { paddingMask(lengths: $0, count: memoryTime) },
        isCausal: c.mask == "causal")
      if c.depth == 0 {
        let layer = TransformerDecoderLayer(c.configuration)
        try c.check(layer, inputs: inputs, naming: TransformerDecoderLayer.pyTorchName) {
          layer(DecoderInput($0[0], memory: $0[1]), masks)
        }
      } else {
        let stack = TransformerDecoder(c.configuration, depth: c.depth, hasFinalNorm: c.final!)
        try c.check(stack, inputs: inputs, naming: TransformerDecoder.pyTorchName) {
          stack(DecoderInput($0[0], memory: $0[1]), masks)
        }
      }
    }
  }

  @Test func `vision transformers`() throws {
    for c in TransformerCase.all where c.kind == "vision" {
      let model = VisionTransformer(
        imageSize: c.size!, channels: c.channels!, patch: c.patch!, classes: c.classes!,
        width: c.width, depth: c.depth, heads: c.heads, hidden: c.hidden,
        pooling: c.pooling == "token" ? .classToken : .mean)
      let x = hashed(Shape([c.batch, c.channels!] + c.size!), 1) * 2
      try c.check(model, inputs: [x], naming: VisionTransformer.torchvisionName) {
        model($0[0])
      }
    }
  }
}
