import Conv
import Core
import Testing

@Suite struct ArithmeticTests {
  @Test(arguments: Configuration.several(40, seed: 21))
  func `the shape foretold is that of the result`(_ c: Configuration) {
    let x = Tensor.zeros(c.input)
    func check<Over: Space>(_: Over.Type) {
      let (stride, dilation) = (PerAxis(c.stride), PerAxis(c.dilation))
      let layer = Convolution<Over>(
        c.channels, c.filters, kernel: PerAxis(c.kernel), stride: stride, padding: c.padding,
        dilation: dilation, groups: c.groups)
      let y = layer(x)
      #expect(layer.outputShape(for: c.input) == y.shape)
      #expect(layer.outputShape(for: Shape(c.input.dropFirst())) == Shape(y.shape.dropFirst()))
      let back = TransposedConvolution<Over>(
        weight: layer.weight, stride: stride, dilation: dilation, groups: c.groups)
      #expect(back.outputShape(for: y.shape) == back(y).shape)
      #expect(back.outputShape(for: Shape(y.shape.dropFirst())) == Shape(back(y).shape.dropFirst()))
    }
    switch c.size.count {
    case 1: check(Line.self)
    case 2: check(Plane.self)
    default: check(Volume.self)
    }
  }

  @Test(arguments: Configuration.several(24, seed: 22))
  func `without padding, multiply-adds are the entries of the matrix`(_ c: Configuration) {
    let size = c.size.indices.map { c.size[$0] + c.before[$0] + c.after[$0] }
    let input = Shape([1, c.channels] + size)
    let matrix = ConvolutionMatrix(
      weight: c.weight, input: Shape(input.dropFirst()), stride: PerAxis(c.stride),
      dilation: PerAxis(c.dilation), groups: c.groups)
    func check<Over: Space>(_: Over.Type) {
      let layer = Convolution<Over>(
        weight: Parameter(.zeros(c.weight)), stride: PerAxis(c.stride),
        dilation: PerAxis(c.dilation), groups: c.groups)
      #expect(layer.multiplyAdds(for: input) == matrix.entries.count)
      let back = TransposedConvolution<Over>(
        weight: layer.weight, stride: PerAxis(c.stride), dilation: PerAxis(c.dilation),
        groups: c.groups)
      #expect(back.multiplyAdds(for: layer.outputShape(for: input)) == matrix.entries.count)
    }
    switch c.size.count {
    case 1: check(Line.self)
    case 2: check(Plane.self)
    default: check(Volume.self)
    }
  }

  @Test func `separable layers have the shapes of full ones and fewer products`() {
    let (full, input) = (Conv2D(32, 64, kernel: 3, padding: .same), [8, 32, 14, 14] as Shape)
    let depthwise = DepthwiseSeparableConv2D(32, 64, kernel: 3, padding: .same)
    let spatial = SpatiallySeparableConv2D(32, 64, kernel: 3, padding: .same)
    #expect(depthwise.outputShape(for: input) == full.outputShape(for: input))
    #expect(spatial.outputShape(for: input) == full.outputShape(for: input))
    let places = 8 * 14 * 14
    #expect(full.multiplyAdds(for: input) == places * 32 * 64 * 9)
    #expect(depthwise.multiplyAdds(for: input) == places * (32 * 9 + 32 * 64))
    #expect(spatial.multiplyAdds(for: input) == places * (32 * 64 * 3 + 64 * 64 * 3))
    #expect(depthwise.parameterCount == 32 * 9 + 32 * 64 + 64)
  }
}

/// Course document 001, question 3(a) and (b).
@Suite struct WorkedNetworkTests {
  static let first = Conv2D(3, 32, kernel: 8, stride: 2, padding: 3)
  static let second = Conv2D(32, 64, kernel: 3, padding: 1)
  /// 2×2, without overlap.
  static let pooling = MaxPool2D(kernel: 2)

  @Test func `3a: the shapes of the worked network`() {
    let afterFirst = Self.first.outputShape(for: [3, 128, 128])
    #expect(afterFirst == [32, 64, 64])
    let pooled = Self.pooling.outputShape(for: afterFirst)
    #expect(pooled == [32, 32, 32])
    let last = Self.second.outputShape(for: pooled)
    #expect(last == [64, 32, 32] && last.elementCount == 65_536)
  }

  @Test func `3b: the last layer has 18432 weights`() {
    // A circulated answer forgets the 32 input channels and gets 576.
    #expect(Self.second.weight.shape.elementCount == 18_432)
    #expect(Self.second.parameterCount == 18_432 + 64)
    #expect(Self.first.parameterCount == 8 * 8 * 3 * 32 + 32)
  }

  @Test func `the receptive field of the worked network`() {
    var field = ReceptiveField(of: [Self.first], input: [128, 128])
    #expect(field.size == [8, 8] && field.jump == [2, 2] && field.start == [-3, -3])
    field.append(Self.pooling.windows, kernel: Self.pooling.windowExtents)
    #expect(field.size == [10, 10] && field.jump == [4, 4] && field.start == [-3, -3])
    field.append(Self.second.windows, kernel: Self.second.windowExtents)
    #expect(field.size == [18, 18] && field.jump == [4, 4] && field.start == [-7, -7])
    #expect(field.outputSize == [32, 32])
    #expect(
      field == ReceptiveField(of: [Self.first, Self.pooling, Self.second], input: [128, 128]))
    #expect(field.places(seenBy: 31) == 117..<135)
  }
}

@Suite struct PoolingArithmeticTests {
  @Test(arguments: [5, 6, 7, 8], [false, true])
  func `the shape foretold is that of the result`(size: Int, roundsUp: Bool) {
    let x = Tensor.zeros([2, 3, size, size + 1])
    func check(_ layer: some WindowedLayer) {
      let y = layer(x)
      #expect(layer.outputShape(for: x.shape) == y.shape)
      #expect(layer.outputShape(for: Shape(x.shape.dropFirst())) == Shape(y.shape.dropFirst()))
      let field = ReceptiveField(of: [layer], input: [size, size + 1])
      #expect(field.outputSize == Array(y.shape.dropFirst(2)))
    }
    check(MaxPool2D(kernel: [2, 3], roundsUp: roundsUp))
    check(MaxPool2D(kernel: 3, stride: 2, padding: 1, roundsUp: roundsUp))
    check(AveragePool2D(kernel: 3, stride: 2, padding: .same))
    check(AveragePool2D(kernel: 2, roundsUp: roundsUp))
    check(LpPool2D(power: 2, kernel: 2, roundsUp: roundsUp))
  }
}

@Suite struct ReceptiveFieldTests {
  @Test func `without layers an output is an input`() {
    let field = ReceptiveField(input: [7, 5])
    #expect(field.size == [1, 1] && field.jump == [1, 1] && field.outputSize == [7, 5])
    #expect(field.places(seenBy: 3, along: 1) == 3..<4)
  }

  @Test(arguments: [
    (kernel: 3, stride: 1, padding: Padding.same, dilation: 1),
    (3, 2, .same, 1), (2, 2, .valid, 1), (4, 1, .same, 1), (2, 1, .full, 3), (3, 2, 1, 2),
    (2, 3, .explicit(before: 0, after: 4), 2),
  ])
  func `it is where the gradient of an output lies`(
    kernel: Int, stride: Int, padding: Padding, dilation: Int
  ) {
    // Dilated kernels skip places within the field, but touch its ends.
    let layers = (0..<2).map { _ in
      Conv1D(
        weight: Parameter(.ones([1, 1, kernel])), stride: PerAxis(stride), padding: padding,
        dilation: PerAxis(dilation))
    }
    let x = Tensor.ones([1, 1, 23])
    let field = ReceptiveField(of: layers, input: [23])
    let count = layers[1](layers[0](x)).shape[2]
    #expect(field.outputSize == [count])
    for output in 0..<count {
      let gradient = gradient(at: x) { layers[1](layers[0]($0))[0, 0, output] }
      let touched = gradient.scalars(as: Double.self).indices.filter {
        gradient[0, 0, $0].item() != 0
      }
      let places = field.places(seenBy: output).clamped(to: 0..<23)
      #expect(touched.allSatisfy(places.contains))
      // Of an interior window the ends are seen.
      if field.places(seenBy: output) == places {
        #expect(touched.first == places.lowerBound && touched.last == places.upperBound - 1)
      }
    }
  }
}
