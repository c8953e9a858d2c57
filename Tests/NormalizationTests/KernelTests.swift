import Core
import Kernels
import LayerTesting
import Normalization
import Testing

@Suite struct KernelTests {
  /// The instruction sets that can run here.
  static let levels = InstructionSet.allCases.filter { $0 <= InstructionSet.highest }

  /// Runs `body` at a level, on this thread alone.
  func at<Result>(_ level: InstructionSet, _ body: () throws -> Result) rethrows -> Result {
    apus_set_thread_level(level.rawValue)
    defer { apus_set_thread_level(-1) }
    return try body()
  }

  /// Result and gradients of x, scale and shift.
  func outcome(
    _ x: Tensor, _ scale: Tensor, _ shift: Tensor, _ f: (Tensor, Tensor, Tensor) -> Tensor
  )
    -> [Tensor]
  {
    let upstream = hashed(x.shape, 7, dtype: x.dtype)
    let (value, gradients) = valueWithGradient(at: x, scale, shift) {
      (f($0, $1, $2) * upstream).sum()
    }
    return [f(x, scale, shift), value, gradients.0, gradients.1, gradients.2]
  }

  @Test(arguments: levels, [DType.float32, .float64])
  func `rows at every level agree with plain tensor operations`(
    _ level: InstructionSet, _ dtype: DType
  ) throws {
    for (rows, columns) in [(1, 1), (3, 7), (5, 16), (40, 33), (2, 130), (3, 4500), (300, 21)] {
      let x = hashed([rows, columns], 1, dtype: dtype) * 3 + 1
      let (scale, shift) = (
        hashed([columns], 2, dtype: dtype) + 1, hashed([columns], 3, dtype: dtype)
      )
      let found = at(level) {
        outcome(x, scale, shift) { layerNormalized($0, scale: $1, shift: $2) }
          + outcome(x, scale, shift) { x, scale, _ in
            rootMeanSquareNormalized(x, scale: scale)
          }
      }
      let plain =
        outcome(x, scale, shift) { x, scale, shift in
          let centred = x - x.mean(along: 1, keepingAxes: true)
          let variance = square(centred).mean(along: 1, keepingAxes: true)
          return centred * rsqrt(variance + 1e-5) * scale + shift
        }
        + outcome(x, scale, shift) { x, scale, _ in
          x * rsqrt(square(x).mean(along: 1, keepingAxes: true) + 1e-5) * scale
        }
      try compare(found, plain, dtype, "\(rows) × \(columns)")
    }
  }

  @Test(arguments: levels, [DType.float32, .float64])
  func `channels at every level agree with plain tensor operations`(
    _ level: InstructionSet, _ dtype: DType
  ) throws {
    let shapes = [[2, 1, 1], [5, 3, 1], [300, 35, 1], [4, 3, 9], [2, 2, 70], [3, 1, 4500]]
    for shape in shapes {
      let x = hashed(Shape(shape), 1, dtype: dtype) * 3 + 1
      let (scale, shift) = (
        hashed([shape[1]], 2, dtype: dtype) + 1, hashed([shape[1]], 3, dtype: dtype)
      )
      let found = at(level) {
        outcome(x, scale, shift) {
          channelsNormalized($0, scale: $1, shift: $2, epsilon: 1e-5).result
        }
      }
      let plain = outcome(x, scale, shift) { x, scale, shift in
        let centred = x - x.mean(along: 0, 2, keepingAxes: true)
        let variance = square(centred).mean(along: 0, 2, keepingAxes: true)
        return centred * rsqrt(variance + 1e-5) * scale.reshaped([-1, 1])
          + shift.reshaped([-1, 1])
      }
      try compare(found, plain, dtype, "\(shape)")
    }
  }

  /// Large results are written past the caches, from the first aligned element of a plane on.
  @Test(arguments: levels)
  func `a result of several megabytes`(_ level: InstructionSet) throws {
    let shape: Shape = [2, 3, 180_001]
    let (x, upstream) = withRandom(seed: 3) { (normal(shape), normal(shape)) }
    let (scale, shift) = (Tensor([1, 2, -1]), Tensor([0, 1, 3]))
    let found = at(level) {
      let (y, pullback) = vjp(at: x) {
        channelsNormalized($0, scale: scale, shift: shift, epsilon: 1e-5).result
      }
      return [y, pullback(upstream)]
    }
    // The channels one by one are not that large.
    for channel in 0..<3 {
      func one(_ tensor: Tensor) -> Tensor { tensor.narrowed(1, from: channel, count: 1) }
      let (y, pullback) = vjp(at: one(x)) {
        channelsNormalized(
          $0, scale: scale[channel...channel], shift: shift[channel...channel], epsilon: 1e-5
        ).result
      }
      let expected = [y, pullback(one(upstream))]
      for (a, b) in zip(found, expected) {
        try expectClose(one(a), b, relative: 1e-5, absolute: 1e-5)
      }
    }
  }

  func compare(_ found: [Tensor], _ plain: [Tensor], _ dtype: DType, _ context: String) throws {
    let tolerance = dtype == .float32 ? 2e-4 : 1e-11
    for (index, (a, b)) in zip(found, plain).enumerated() {
      // A gradient over one element is rounding in both, and 1/√ε large.
      let size = max(abs(b).maximum().item(), 10)
      try expectClose(
        a, b, relative: 0, absolute: tolerance * size, "tensor \(index) of \(context)")
    }
  }

  @Test func `layers large enough for several threads give the same bits on any number`() throws {
    try withRandom(seed: 1) {
      try verify(layer: BatchNormalization(12), at: normal([24, 12, 500]), order: 0)
      try verify(layer: BatchNormalization(150), at: normal([1500, 150]), order: 0)
      try verify(layer: LayerNormalization(200), at: normal([700, 200]), order: 0)
      try verify(layer: RMSNormalization(200), at: normal([700, 200]), order: 0)
    }
  }

  @Test func `a mean far from 0 costs no more than rounding the input`() throws {
    let noise = withRandom(seed: 2) { normal([64, 3, 40], dtype: .float64) }
    // Multiples of 2⁻¹⁰ near 4096 are exact in float32.
    let exact = round(noise * 1024) / 1024 + 4096
    let layer = BatchNormalization(3, isAffine: false)
    let (wide, single) = inMode(.training) {
      (layer(exact), layer(exact.cast(to: .float32)))
    }
    try expectClose(single, wide.cast(to: .float32), relative: 0, absolute: 2e-6)
    let rows = exact.reshaped([64, 120])
    try expectClose(
      layerNormalized(rows.cast(to: .float32)), layerNormalized(rows).cast(to: .float32),
      relative: 0, absolute: 2e-6)
  }

  @Test func `constant rows, empty inputs and NaN`() throws {
    #expect((layerNormalized(Tensor.full([2, 5], 7)) .== 0).all())
    #expect(layerNormalized(Tensor.zeros([0, 5])).shape == [0, 5])
    #expect(layerNormalized(Tensor.zeros([5, 0])).shape == [5, 0])
    #expect(rootMeanSquareNormalized(Tensor.zeros([2, 5])) == Tensor.zeros([2, 5]))
    let y = layerNormalized(Tensor([[1, .nan, 2], [1, 2, 3]]))
    #expect(y[0].isNaN().all() && y[1].isFinite().all())
    #expect(layerNormalized(Tensor([1, 2, 3])).shape == [3])
  }
}
