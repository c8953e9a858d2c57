import Attention
import Core
import LayerTesting
import Testing

@Suite struct SegmentTests {
  static let lengths = [[2, 0, 3], [0, 0], [], [1, 1, 1], [7], [0, 5, 40, 1, 0]]

  /// Each run by itself, through Core.
  private func byRun(
    _ x: Tensor, _ lengths: [Int], empty: Tensor, _ reduce: (Tensor) -> Tensor
  ) -> Tensor {
    let parts = x.split(sizes: lengths).map { $0.shape[0] == 0 ? empty : reduce($0) }
    return parts.isEmpty ? x : stacked(parts)
  }

  @Test(arguments: lengths, [DType.float32, .float64])
  func `reductions equal those of each run by itself`(_ lengths: [Int], _ dtype: DType) throws {
    var generator = RandomGenerator(seed: 5)
    let segments = Segments(lengths: lengths)
    for width in [[], [1], [5], [2, 17], [40]] {
      let x = Tensor.randomNormal(
        Shape([segments.rowCount] + width), dtype: dtype, using: &generator)
      let none = Tensor.zeros(Shape(width), dtype: dtype)
      try expectClose(segments.sum(x), byRun(x, lengths, empty: none) { $0.sum(along: 0) })
      try expectClose(segments.mean(x), byRun(x, lengths, empty: none) { $0.mean(along: 0) })
      #expect(segments.maximum(x) == byRun(x, lengths, empty: none) { $0.maximum(along: 0) })
      let parts = x.split(sizes: lengths).map { $0.count == 0 ? $0 : softmax($0, along: 0) }
      if !parts.isEmpty { try expectClose(segments.softmax(x), concatenated(parts)) }
    }
  }

  @Test func `derivatives to the second order`() throws {
    var generator = RandomGenerator(seed: 6)
    let segments = Segments(lengths: [3, 0, 1, 4])
    let x = Tensor.randomNormal([8, 3], dtype: .float64, using: &generator)
    try checkGradients(of: { segments.sum($0) }, at: x, order: 2)
    try checkGradients(of: { square(segments.mean($0)) }, at: x, order: 2)
    try checkGradients(of: { exp(segments.maximum($0)) }, at: x, order: 2)
    try checkGradients(of: { segments.softmax($0) }, at: x, order: 2)
    let runs = Tensor.randomNormal([4, 2], dtype: .float64, using: &generator)
    try checkGradients(of: { square(segments.spread($0)) }, at: runs, order: 2)
  }

  @Test func `extremes`() {
    let segments = Segments(lengths: [2, 2])
    let huge = Tensor([1000, -1000, 3, 3])
    #expect(segments.softmax(huge) == Tensor([1, 0, 0.5, 0.5]))
    let nan = segments.maximum(Tensor([1, .nan, 2, 5]))
    #expect(nan.isNaN() == (Tensor([1, 0]) .> 0))
    // Of equals the first counts.
    let (_, gradient) = valueWithGradient(at: Tensor([3, 3, 1, 2])) { segments.maximum($0).sum() }
    #expect(gradient == Tensor([1, 0, 0, 1]))
  }

  @Test func `strided rows and other types`() throws {
    let segments = Segments(lengths: [1, 2])
    let x = Tensor([[1, 2, 3], [4, 5, 6]]).transposed()
    #expect(segments.sum(x) == Tensor([[1, 4], [5, 11]]))
    #expect(segments.sum(Tensor([1, 2, 3] as [Int])) == Tensor([1, 5]))
  }
}
