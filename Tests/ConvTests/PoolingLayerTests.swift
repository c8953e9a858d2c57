import Conv
import Core
import LayerTesting
import Testing

@Suite struct PoolingLayerTests {
  static let x = hashed([2, 3, 7, 6], 1)

  @Test func `pooling layers keep the laws of layers`() throws {
    try verify(layer: MaxPool2D(kernel: 2), at: Self.x, order: 2)
    try verify(layer: MaxPool2D(kernel: 3, stride: 2, padding: 1, roundsUp: true), at: Self.x)
    try verify(layer: MaxPool1D(kernel: 3, dilation: 2), at: hashed([2, 3, 11], 1))
    try verify(layer: MaxPool3D(kernel: [1, 2, 2]), at: hashed([2, 2, 3, 4, 5], 1))
    try verify(layer: AveragePool2D(kernel: 3, stride: 2, padding: 1), at: Self.x, order: 2)
    try verify(layer: AveragePool3D(kernel: 2), at: hashed([2, 2, 3, 4, 5], 1))
    try verify(layer: LpPool2D(power: 2, kernel: 2), at: Self.x + 1)
    try verify(layer: AdaptiveAveragePool2D(output: [3, 4]), at: Self.x)
    try verify(layer: AdaptiveMaxPool2D(output: [3, 4]), at: Self.x)
    try verify(layer: GlobalAveragePool2D(), at: Self.x)
    try verify(layer: GlobalMaxPool2D(keepingAxes: true), at: Self.x)
  }

  @Test func `resampling layers keep the laws of layers`() throws {
    try verify(layer: Upsample2D(by: 2), at: Self.x)
    try verify(layer: Upsample2D(to: [5, 9], interpolation: .linear), at: Self.x, order: 2)
    try verify(layer: Upsample1D(by: 1.5, interpolation: .linear), at: hashed([2, 3, 5], 1))
    try verify(layer: PixelShuffle(factor: 2), at: hashed([2, 8, 3, 2], 1))
    try verify(layer: Unfold2D(kernel: 3, padding: 1), at: Self.x)
    try verify(layer: Fold2D(size: [4, 3], kernel: 2), at: hashed([2, 12, 6], 1))
  }

  @Test func `a layer knows how many axes of space there are`() {
    let x = hashed([3, 8, 6], 1)
    #expect(MaxPool2D(kernel: 2)(x).shape == [3, 4, 3])
    #expect(MaxPool1D(kernel: 2)(x).shape == [3, 8, 3])
    #expect(Upsample2D(by: 2)(x).shape == [3, 16, 12])
    #expect(GlobalAveragePool2D()(x).shape == [3])
  }

  @Test func `impossible configurations trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = maxPool(Tensor.zeros([1, 1, 3, 3]), kernel: 4)
    }
    await #expect(processExitsWith: .failure) {
      // The first window lies in the padding.
      _ = averagePool(Tensor.zeros([1, 1, 5]), kernel: 2, padding: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = maxPool(Tensor.zeros([4, 4]), kernel: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = fold(Tensor.zeros([1, 4, 5]), size: [3, 3], kernel: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = upsample(Tensor.zeros([1, 1, 4, 4]), by: 0.2)
    }
    await #expect(processExitsWith: .failure) {
      _ = maxUnpool(
        Tensor.zeros([1, 1, 1]), indices: Tensor.full([1, 1, 1], 9, dtype: .int64), size: [4])
    }
    await #expect(processExitsWith: .failure) {
      _ = pixelShuffle(Tensor.zeros([1, 3, 2, 2]), factor: 2)
    }
  }
}
