import Conv
import Core
import LayerTesting
import Testing

@Suite struct CorrelationTests {
  @Test(arguments: Configuration.several(60, seed: 1))
  func `the result is that of the formula`(_ c: Configuration) throws {
    let (x, w) = (hashed(c.input, 1), hashed(c.weight, 2))
    let expected = naiveCorrelation(
      x, w, stride: c.stride, before: c.before, after: c.after, dilation: c.dilation,
      groups: c.groups)
    try expectClose(c.apply(x, w), expected)
    try expectClose(
      c.apply(x.cast(to: .float32), w.cast(to: .float32)), expected.cast(to: .float32))
  }

  @Test(arguments: Configuration.several(60, seed: 2))
  func `the transposed convolution is the adjoint`(_ c: Configuration) throws {
    let (x, w) = (hashed(c.input, 1), hashed(c.weight, 2))
    let y = c.apply(x, w)
    let z = hashed(y.shape, 3)
    let back = c.adjoint(z, w)
    #expect(back.shape == x.shape)
    try expectClose((y * z).sum(), (x * back).sum())
  }

  @Test(arguments: Configuration.several(24, seed: 3))
  func `first and second derivatives agree with finite differences`(_ c: Configuration) throws {
    let (x, w, b) = (hashed(c.input, 1), hashed(c.weight, 2), hashed([c.filters], 3))
    try checkGradients(of: { c.apply($0[0], $0[1], bias: $0[2]) }, at: [x, w, b], order: 2)
    let z = hashed(c.apply(x, w).shape, 4)
    try checkGradients(of: { c.adjoint($0[0], $0[1]) }, at: [z, w], order: 2)
  }

  @Test func `operands in any layout`() throws {
    let x = hashed([5, 6, 2, 3], 1).permuted([3, 2, 0, 1])  // [3, 2, 5, 6]
    let w = hashed([3, 3, 2, 4], 2).transposed(0, 3)  // [4, 3, 2, 3]
    let y = crossCorrelation(x, w[.all, 0..<2, .all, .all], padding: 1)
    let dense = crossCorrelation(
      x.contiguous(), w[.all, 0..<2, .all, .all].contiguous(), padding: 1)
    #expect(y.scalars(as: Double.self) == dense.scalars(as: Double.self))
  }

  @Test(arguments: Activation.allCases)
  func `an activation in the same pass is the activation afterwards`(_ activation: Activation)
    throws
  {
    let (x, w, b) = (hashed([2, 3, 6, 5], 1), hashed([4, 3, 3, 2], 2), hashed([4], 3))
    let plain = crossCorrelation(x, w, bias: b, padding: 1)
    let expected: Tensor =
      switch activation {
      case .identity: plain
      case .relu: maximum(plain, Tensor(0.0, dtype: .float64))
      case .tanh: tanh(plain)
      case .sigmoid: sigmoid(plain)
      case .softplus: softplus(plain)
      }
    try expectClose(
      crossCorrelation(x, w, bias: b, padding: 1, activation: activation), expected)
    if activation == .relu { return }  // its second derivative is 0 almost everywhere
    try checkGradients(
      of: { crossCorrelation($0[0], $0[1], bias: $0[2], padding: 1, activation: activation) },
      at: [x, w, b], order: 2)
  }

  @Test func `a batch of none, and one example without a batch`() {
    let w = hashed([4, 3, 2, 2], 2)
    #expect(
      crossCorrelation(Tensor.zeros([0, 3, 5, 5], dtype: .float64), w).shape == [0, 4, 4, 4])
    let (value, gradient) = valueWithGradient(at: w) { w in
      crossCorrelation(Tensor.zeros([0, 3, 5, 5], dtype: .float64), w).sum()
    }
    #expect(value.item() == 0)
    #expect(gradient == Tensor.zeros(w.shape, dtype: .float64))
    let x = hashed([3, 5, 5], 1)
    #expect(crossCorrelation(x, w) == crossCorrelation(x.expandingShape(at: 0), w).squeezed(0))
    #expect(transposedConvolution(hashed([4, 5, 5], 1), w).shape == [3, 6, 6])
  }

  @Test func `a pointwise kernel is a matrix product over channels`() throws {
    let (x, w) = (hashed([2, 5, 4, 3], 1), hashed([7, 5, 1, 1], 2))
    try expectClose(
      crossCorrelation(x, w), einsum("fc,nchw->nfhw", w.reshaped([7, 5]), x))
  }

  @Test func `convolution flips the kernel, and twice flipped is not flipped`() throws {
    let (x, w) = (hashed([2, 3, 7, 6], 1), hashed([4, 3, 3, 2], 2))
    #expect(flippedInSpace(flippedInSpace(w)) == w)
    #expect(convolution(x, flippedInSpace(w), padding: 1) == crossCorrelation(x, w, padding: 1))
    // Over one axis it is the product of polynomials.
    let product = convolution(
      Tensor([[[1.0, 2, 3]]]), Tensor([[[4.0, 5]]]), padding: .full)
    #expect(product.scalars(as: Double.self) == [4, 13, 22, 15])
  }
}
