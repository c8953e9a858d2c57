import Conv
import Core
import LayerTesting
import Testing

@Suite struct LayerTests {
  /// Each kind of layer, with an input that fits it.
  static let layers: [(name: String, layer: any Layer<Tensor, Tensor> & Sendable, input: Shape)] =
    withRandom(seed: 1) {
      [
        ("Conv1D", Conv1D(2, 3, kernel: 3, stride: 2, padding: .same), [2, 2, 7]),
        ("Conv1D flipped", Conv1D(2, 2, kernel: 2, padding: .full, flipsKernel: true), [2, 2, 5]),
        (
          "Conv2D", Conv2D(2, 3, kernel: [3, 2], padding: 1, dilation: [1, 2], activation: .tanh),
          [2, 2, 5, 6]
        ),
        (
          "Conv2D in groups", Conv2D(4, 6, kernel: 3, stride: [2, 1], groups: 2, hasBias: false),
          [2, 4, 5, 4]
        ),
        ("Conv3D", Conv3D(1, 2, kernel: 2, padding: .same, activation: .sigmoid), [2, 1, 3, 2, 3]),
        (
          "TransposedConv1D", TransposedConv1D(3, 2, kernel: 3, stride: 2, outputPadding: 1),
          [2, 3, 4]
        ),
        (
          "TransposedConv2D",
          TransposedConv2D(2, 4, kernel: 3, padding: 1, groups: 2, activation: .softplus),
          [2, 2, 4, 3]
        ),
        ("TransposedConv3D", TransposedConv3D(1, 2, kernel: 2, hasBias: false), [2, 1, 2, 2, 3]),
        (
          "DepthwiseSeparableConv2D",
          DepthwiseSeparableConv2D(2, 3, kernel: 3, padding: .same, multiplier: 2, between: .tanh),
          [2, 2, 4, 5]
        ),
        (
          "SpatiallySeparableConv2D", SpatiallySeparableConv2D(2, 3, kernel: [3, 2], padding: 1),
          [2, 2, 5, 4]
        ),
        (
          "ConvolutionalAutoencoder, tied",
          ConvolutionalAutoencoder(1, 2, kernel: 2, stride: 2, hidden: .tanh), [2, 1, 4, 5]
        ),
        (
          "ConvolutionalAutoencoder, untied",
          ConvolutionalAutoencoder(1, 2, kernel: 3, padding: 1, isTied: false, hidden: .tanh),
          [2, 1, 4, 4]
        ),
      ]
    }

  @Test(.serialized, arguments: layers.indices)
  func `every layer keeps the laws of layers`(index: Int) throws {
    let (name, layer, shape) = Self.layers[index]
    func check(_ layer: some Layer<Tensor, Tensor>) throws {
      try verify(layer: layer, at: hashed(shape, 5, dtype: .float32), order: 2)
    }
    do { try check(layer) } catch { Issue.record("\(name): \(error)") }
  }

  @Test func `the separable layers are their two factors`() throws {
    let x = hashed([2, 3, 6, 5], 1, dtype: .float32)
    let separable = withRandom(seed: 2) {
      SpatiallySeparableConv2D(3, 4, kernel: 3, padding: .same)
    }
    // Both factors as one kernel of rank one for each pair of filters, summed.
    let (v, h) = (separable.vertical.weight.value, separable.horizontal.weight.value)
    let kernel = einsum("gfhx,fcyw->gcyx", h, v)
    try expectClose(
      separable(x), crossCorrelation(x, kernel, padding: .same), relative: 1e-4, absolute: 1e-5)
    let depthwise = withRandom(seed: 3) { DepthwiseSeparableConv2D(3, 4, kernel: 3, padding: 1) }
    let full = einsum(
      "fc,cyx->fcyx", depthwise.pointwise.weight.value.reshaped([4, 3]),
      depthwise.depthwise.weight.value.reshaped([3, 3, 3]))
    try expectClose(
      depthwise(x), crossCorrelation(x, full, padding: 1), relative: 1e-4, absolute: 1e-5)
  }
}

/// Course document 000, question 4.
@Suite struct AutoencoderTests {
  /// In float64, encoder and decoder affine, so that derivatives can be taken by hand.
  static func model(isTied: Bool) -> ConvolutionalAutoencoder {
    let model = withRandom(seed: 4) {
      ConvolutionalAutoencoder(
        1, 2, kernel: 2, isTied: isTied, hidden: .identity, output: .identity)
    }
    model.convert(to: .float64)
    return model
  }

  @Test func `tied, the decoder holds the encoder's own parameter`() {
    let (tied, untied) = (Self.model(isTied: true), Self.model(isTied: false))
    #expect(tied.isTied && tied.encoder.weight === tied.decoder.weight)
    #expect(!untied.isTied && untied.encoder.weight !== untied.decoder.weight)
    #expect(
      tied.namedParameters.map(\.name) == ["encoder.weight", "encoder.bias", "decoder.bias"])
    #expect(tied.parameterCount == 8 + 2 + 1 && untied.parameterCount == 8 + 2 + 8 + 1)
  }

  @Test func `tied, the gradient is the sum of both uses`() throws {
    let (tied, untied) = (Self.model(isTied: true), Self.model(isTied: false))
    untied.encoder.weight.value = tied.encoder.weight.value
    untied.decoder.weight.value = tied.encoder.weight.value
    let x = hashed([3, 1, 4, 4], 1)
    func gradients(_ model: ConvolutionalAutoencoder) -> Gradients {
      valueWithGradient(of: model) { meanSquaredError(model(x), x) }.gradients
    }
    let (one, two) = (gradients(tied), gradients(untied))
    let sum = try #require(two[untied.encoder.weight]) + #require(two[untied.decoder.weight])
    try expectClose(try #require(one[tied.encoder.weight]), sum)
    #expect(one.named.count == 3)
  }

  @Test func `a step on the tied weight moves both`() throws {
    let model = Self.model(isTied: true)
    let x = hashed([2, 1, 4, 4], 1)
    model.encoder.weight.value = 2 * model.encoder.weight.value
    #expect(model.decoder.weight.value == model.encoder.weight.value)
    let w = model.encoder.weight.value
    try expectClose(model(x), transposedConvolution(crossCorrelation(x, w), w))
  }

  @Test(arguments: [4, 5, 6, 7], [1, 2, 3])
  func `images come back in their own size`(size: Int, stride: Int) {
    let model = withRandom(seed: 5) {
      ConvolutionalAutoencoder(1, 2, kernel: 3, stride: PerAxis(stride))
    }
    let x = hashed([2, 1, size, size + 1], 1, dtype: .float32)
    #expect(model(x).shape == x.shape)
    #expect(model.decode(model.encode(x), size: [size, size + 1]) == model(x))
  }
}
