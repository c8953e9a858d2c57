import Conv
import Core
import LayerTesting
import Testing

/// Course document 000, second exercise, symbol by symbol.
@Suite struct CourseTests {
  /// A 3×3 image under a 2×2 kernel.
  static let small = ConvolutionMatrix(weight: [1, 1, 2, 2], input: [1, 3, 3])
  /// A 4×4 image under a 2×2 kernel at stride 2.
  static let strided = ConvolutionMatrix(weight: [1, 1, 2, 2], input: [1, 4, 4], stride: 2)

  @Test func `question 1: each output in terms of the image and the kernel`() {
    #expect(
      Self.small.productSymbols() == [
        "w1·x1 + w2·x2 + w3·x4 + w4·x5", "w1·x2 + w2·x3 + w3·x5 + w4·x6",
        "w1·x4 + w2·x5 + w3·x7 + w4·x8", "w1·x5 + w2·x6 + w3·x8 + w4·x9",
      ])
  }

  @Test func `question 2: the matrix`() {
    #expect(Self.small.rows == 4 && Self.small.columns == 9)
    #expect(
      Self.small.description == """
        w1 w2 0  w3 w4 0  0  0  0 
        0  w1 w2 0  w3 w4 0  0  0 
        0  0  0  w1 w2 0  w3 w4 0 
        0  0  0  0  w1 w2 0  w3 w4
        """)
  }

  @Test func `question 3: the transposed convolution`() {
    #expect(
      Self.small.transposedProductSymbols() == [
        "w1·z1", "w2·z1 + w1·z2", "w2·z2",
        "w3·z1 + w1·z3", "w4·z1 + w3·z2 + w2·z3 + w1·z4", "w4·z2 + w2·z4",
        "w3·z3", "w4·z3 + w3·z4", "w4·z4",
      ])
  }

  @Test func `question 4: y has the shape of x, and the adjoint's law holds`() throws {
    let (x, w, z) = (hashed([1, 1, 3, 3], 1), hashed([1, 1, 2, 2], 2), hashed([1, 1, 2, 2], 3))
    let y = transposedConvolution(z, w)
    #expect(y.shape == x.shape)
    try expectClose((crossCorrelation(x, w) * z).sum(), (x * y).sum())
  }

  @Test func `question 5: the decoder is a convolution of the padded code with the flipped kernel`()
    throws
  {
    let z = image([[1.0, 2], [3, 4]])
    let padded = interleavedCode(z, kernel: 2)
    let picture = image([[0.0, 0, 0, 0], [0, 1, 2, 0], [0, 3, 4, 0], [0, 0, 0, 0]])
    #expect(padded == picture)
    let w = image([[10.0, 20], [30, 40]])
    let flipped = decoderKernel(of: w)
    #expect(flipped == image([[40.0, 30], [20, 10]]))
    // By hand from question 3.
    let y = image([[10.0, 40, 40], [60, 200, 160], [90, 240, 160]])
    #expect(crossCorrelation(padded, flipped) == y)
    #expect(transposedConvolution(z, w) == y)
    #expect(Self.small.transposedProduct(w, z) == y)
  }

  @Test func `question 6: stride 2, the matrix and the interleaved code`() {
    #expect(
      Self.strided.description == """
        w1 w2 0  0  w3 w4 0  0  0  0  0  0  0  0  0  0 
        0  0  w1 w2 0  0  w3 w4 0  0  0  0  0  0  0  0 
        0  0  0  0  0  0  0  0  w1 w2 0  0  w3 w4 0  0 
        0  0  0  0  0  0  0  0  0  0  w1 w2 0  0  w3 w4
        """)
    #expect(
      Self.strided.productSymbols() == [
        "w1·x1 + w2·x2 + w3·x5 + w4·x6", "w1·x3 + w2·x4 + w3·x7 + w4·x8",
        "w1·x9 + w2·x10 + w3·x13 + w4·x14", "w1·x11 + w2·x12 + w3·x15 + w4·x16",
      ])
    // Each place of the image is seen once, so each place of y is one product.
    #expect(
      Self.strided.transposedProductSymbols() == [
        "w1·z1", "w2·z1", "w1·z2", "w2·z2", "w3·z1", "w4·z1", "w3·z2", "w4·z2",
        "w1·z3", "w2·z3", "w1·z4", "w2·z4", "w3·z3", "w4·z3", "w3·z4", "w4·z4",
      ])
    let z = image([[1.0, 2], [3, 4]])
    let spread = interleavedCode(z, kernel: 2, stride: 2)
    let rows: [[Double]] = [
      [0, 0, 0, 0, 0], [0, 1, 0, 2, 0], [0, 0, 0, 0, 0], [0, 3, 0, 4, 0], [0, 0, 0, 0, 0],
    ]
    #expect(spread == image(rows))
    let w = image([[10.0, 20], [30, 40]])
    let y: [[Double]] = [
      [10, 20, 20, 40], [30, 40, 60, 80], [30, 60, 40, 80], [90, 120, 120, 160],
    ]
    let expected = image(y)
    #expect(crossCorrelation(spread, decoderKernel(of: w)) == expected)
    #expect(transposedConvolution(z, w, stride: 2) == expected)
  }

  @Test func `a flipped kernel has its symbols in the other order`() {
    let flipped = ConvolutionMatrix(weight: [1, 1, 3], input: [1, 4], flipsKernel: true)
    #expect(flipped.description == "w3 w2 w1 0 \n0  w3 w2 w1")
    let padded = ConvolutionMatrix(weight: [1, 1, 2], input: [1, 2], padding: 1)
    #expect(padded.symbols(named: "k") == [["k2", "0"], ["k1", "k2"], ["0", "k1"]])
  }
}

/// Rows of numbers as a batch of one image of one channel.
private func image(_ rows: [[Double]]) -> Tensor {
  Tensor(rows.flatMap(\.self), dtype: .float64).reshaped([1, 1, rows.count, rows[0].count])
}

/// The matrix, its sparse products and the kernels are one map, for any geometry.
@Suite struct ConvolutionMatrixTests {
  @Test(arguments: Configuration.several(40, seed: 11))
  func `matrix, sparse product and kernels agree`(_ c: Configuration) throws {
    let (x, w) = (hashed(c.input, 1), hashed(c.weight, 2))
    let y = c.apply(x, w)
    let matrix = c.matrix()
    let dense = matrix.dense(of: w)
    #expect(dense.shape == [matrix.rows, matrix.columns])
    #expect(matrix.outputShape == Shape(y.shape.dropFirst()))
    try expectClose(matrix.product(w, x), y)
    try expectClose(matmul(x.flattened(from: 1), dense.transposed()).reshaped(y.shape), y)
    let z = hashed(y.shape, 3)
    let back = c.adjoint(z, w)
    try expectClose(matrix.transposedProduct(w, z), back)
    try expectClose(matmul(z.flattened(from: 1), dense).reshaped(x.shape), back)
    // The convolution of mathematics is that of the flipped kernel.
    let flipped = c.matrix(flipsKernel: true)
    try expectClose(flipped.product(w, x), c.apply(x, flippedInSpace(w)))
    #expect(flipped.dense(of: w) == matrix.dense(of: flippedInSpace(w)))
  }

  @Test(arguments: Configuration.several(24, seed: 12).filter { $0.groups == 1 })
  func `the decoder as an ordinary convolution, for any stride and dilation`(_ c: Configuration)
    throws
  {
    let (w, z) = (hashed(c.weight, 2), hashed([c.batch, c.filters] + Shape(c.kernel), 3))
    let (stride, dilation) = (PerAxis(c.stride), PerAxis(c.dilation))
    let code = interleavedCode(
      z, kernel: PerAxis(c.kernel), stride: stride, dilation: dilation)
    try expectClose(
      crossCorrelation(code, decoderKernel(of: w), dilation: dilation),
      transposedConvolution(z, w, stride: stride, dilation: dilation))
  }

  @Test func `the matrix's derivative in the kernel sums over the places of each tap`() throws {
    let matrix = CourseTests.small
    let w = hashed([1, 1, 2, 2], 1)
    let gradient = gradient(at: w) { matrix.dense(of: $0).sum() }
    // Each tap stands in the matrix once for each of the four windows.
    #expect(gradient == Tensor.full([1, 1, 2, 2], 4, dtype: .float64))
    let (x, z) = (hashed([2, 1, 3, 3], 2), hashed([2, 1, 2, 2], 3))
    try checkGradients(of: { matrix.product($0[0], $0[1]) }, at: [w, x], order: 2)
    try checkGradients(of: { matrix.transposedProduct($0[0], $0[1]) }, at: [w, z], order: 2)
  }
}

extension Configuration {
  fileprivate func matrix(flipsKernel: Bool = false) -> ConvolutionMatrix {
    ConvolutionMatrix(
      weight: weight, input: Shape(input.dropFirst()), stride: PerAxis(stride), padding: padding,
      dilation: PerAxis(dilation), groups: groups, flipsKernel: flipsKernel)
  }
}
