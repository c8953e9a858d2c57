import Conv
import Core
import LayerTesting
import Testing

@Suite struct ResamplingTests {
  @Test func `nearest repeats, linear goes between`() throws {
    let x = Tensor([[[1, 2, 4]]])
    #expect(upsample(x, by: 2) == Tensor([[[1, 1, 2, 2, 4, 4]]]))
    #expect(
      upsample(x, by: 2, interpolation: .linear) == Tensor([[[1, 1.25, 1.75, 2.5, 3.5, 4]]]))
    #expect(
      upsample(x, to: 5, interpolation: .linear, alignsCorners: true)
        == Tensor([[[1, 1.5, 2, 3, 4]]]))
    #expect(upsample(x, to: 1, interpolation: .linear, alignsCorners: true).item() == 1)
    #expect(upsample(x, by: 1, interpolation: .linear) == x)
  }

  @Test(arguments: [Interpolation.nearest, .linear])
  func `the gradient is the adjoint`(_ interpolation: Interpolation) throws {
    for size in [[5, 9], [13, 4], [7, 6], [1, 1]] {
      let x = hashed([2, 3, 7, 6], 1)
      let (y, pullback) = vjp(at: x) {
        upsample($0, to: PerAxis(size), interpolation: interpolation)
      }
      let z = hashed(y.shape, 2)
      try expectClose((y * z).sum(), (x * pullback(z)).sum())
      try checkGradients(
        of: { square(upsample($0, to: PerAxis(size), interpolation: interpolation)) }, at: x,
        order: 2)
    }
  }

  @Test func `constants and lines stay so`() throws {
    let ones = Tensor.ones([1, 2, 3, 5, 4], dtype: .float64)
    try expectClose(
      upsample(ones, to: [7, 4, 9], interpolation: .linear),
      Tensor.ones([1, 2, 7, 4, 9], dtype: .float64))
    let line = Tensor((0..<6).map(Double.init), dtype: .float64).reshaped([1, 1, 6])
    let finer = upsample(line, to: 11, interpolation: .linear, alignsCorners: true)
    try expectClose(
      finer, Tensor((0..<11).map { Double($0) / 2 }, dtype: .float64).reshaped([1, 1, 11]))
  }

  @Test func `shuffling pixels loses none`() throws {
    let x = hashed([2, 12, 3, 4], 1)
    let y = pixelShuffle(x, factor: 2)
    #expect(y.shape == [2, 3, 6, 8])
    #expect(pixelUnshuffle(y, factor: 2) == x)
    #expect(y[0, 0, 1, 0].item() == x[0, 2, 0, 0].item())
    #expect(pixelShuffle(x[0], factor: 2) == y[0])
    try checkGradients(of: { square(pixelShuffle($0, factor: 2)) }, at: x)
  }

  @Test func `an empty batch`() {
    #expect(upsample(Tensor.zeros([0, 3, 4, 4]), by: 2).shape == [0, 3, 8, 8])
    #expect(unfold(Tensor.zeros([0, 3, 4, 4]), kernel: 2).shape == [0, 12, 9])
    #expect(fold(Tensor.zeros([0, 12, 9]), size: [4, 4], kernel: 2).shape == [0, 3, 4, 4])
  }
}
