import Core
import LayerTesting
import Testing

@Suite struct ReductionTests {
  static let dtypes: [DType] = [.int32, .int64, .float32, .float64]

  @Test(arguments: dtypes, 0..<12 as Range<UInt64>)
  func `a reduction along axes is a fold over their indices`(dtype: DType, seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let shape = Shape.random(rank: 0...4, upTo: 60, using: &generator)
    let axes = shape.randomAxes(using: &generator)
    let kept = shape.indices.filter { !axes.contains($0) && !axes.contains($0 - shape.count) }
    let x = Arrangement.allCases.randomElement(using: &generator)!(
      Tensor.randomIntegers(shape, in: -4..<5, using: &generator).cast(to: dtype),
      using: &generator)
    let keptShape = Shape(kept.map { shape[$0] })
    let groups = Dictionary(grouping: x.dictionary) { element in kept.map { element.key[$0] } }
      .mapValues { $0.map(\.value) }
    func check(_ result: Tensor, _ type: DType, _ name: String, _ fold: ([Double]) -> Double) throws
    {
      #expect(result.dtype == type, "\(name)")
      try expectClose(
        result, Tensor(keptShape) { fold(groups[$0] ?? []) }, "\(name) of \(shape) along \(axes)")
    }
    let whole: DType = dtype.isFloating ? dtype : .int64
    try check(x.sum(along: axes), whole, "sum") { $0.reduce(0, +) }
    if groups.count == keptShape.elementCount {
      let floating: DType = dtype.isFloating ? dtype : .float32
      try check(x.mean(along: axes), floating, "mean") { $0.reduce(0, +) / Double($0.count) }
      try check(x.variance(along: axes), floating, "variance") { values in
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      }
    }
    try check(x.sum(along: axes, keepingAxes: true).reshaped(keptShape), whole, "kept sum") {
      $0.reduce(0, +)
    }
    #expect(x.sum(along: axes, keepingAxes: true).rank == x.rank)
    guard let axis = axes.first, axes.count == 1 else { return }
    try check(x.product(along: axis), whole, "product") { $0.reduce(1, *) }
    try check(x.any(along: axis), .bool, "any") { $0.contains { $0 != 0 } ? 1 : 0 }
    try check(x.all(along: axis), .bool, "all") { $0.allSatisfy { $0 != 0 } ? 1 : 0 }
    guard shape.elementCount > 0 else { return }
    try check(x.maximum(along: axis), dtype, "maximum") { $0.max()! }
    try check(x.minimum(along: axis), dtype, "minimum") { $0.min()! }
  }

  @Test(arguments: dtypes)
  func `argmax is the first of the greatest`(dtype: DType) {
    let x = Tensor([[1, 5, 5], [7, 2, 7]], dtype: dtype)
    #expect(x.argmax() == 3 && x.argmin() == 0)
    #expect(x.argmax(along: 1).scalars(as: Int.self) == [1, 0])
    #expect(x.argmin(along: 1).scalars(as: Int.self) == [0, 1])
    #expect(x.argmax(along: 0).scalars(as: Int.self) == [1, 0, 1])
    #expect(x.transposed().argmax(along: -1).scalars(as: Int.self) == [1, 0, 1])
    #expect(x.argmax(along: 1, keepingAxes: true).shape == [2, 1])
    #expect(Tensor([1, .nan, 3]).argmax() == 1 && Tensor([1, .nan, 3]).argmin() == 1)
  }

  @Test func `empty reductions give the neutral element`() {
    let x = Tensor.zeros([0, 3])
    #expect(x.sum().item() == 0 && x.product().item() == 1)
    #expect(x.sum(along: 0) == Tensor.zeros([3]) && x.sum(along: 1).shape == [0])
    #expect(x.product(along: 0) == Tensor.ones([3]))
    #expect(!x.any() && x.all() && x.mean().item().isNaN)
    #expect(x.maximum(along: 1).shape == [0])
    #expect(logSumExp(x, along: 0) == Tensor.full([3], -.infinity))
  }

  @Test func `the sum of many small numbers loses little`() throws {
    let x = Tensor.full([1_000_000], 0.1)
    try expectClose(x.sum(), 100_000.00149, relative: 1e-6)
    try expectClose(x.reshaped([1000, 1000]).sum(along: 0).sum(), 100_000.00149, relative: 1e-6)
    try expectClose(x.mean(), 0.1, relative: 1e-6)
    #expect(Tensor.ones([20_000_000], dtype: .bool).sum().item() == 20_000_000)
  }

  @Test func `logSumExp neither overflows nor underflows`() throws {
    try expectClose(logSumExp(Tensor([1000, 1000])), 1000.693147)
    try expectClose(logSumExp(Tensor([-1000, -1000])), -999.306853)
    #expect(logSumExp(Tensor([-.infinity, -.infinity])).item() == -.infinity)
    #expect(logSumExp(Tensor([.infinity, 1])).item() == .infinity)
    #expect(logSumExp(Tensor([.nan, 1])).item().isNaN)
    try expectClose(
      gradient(at: Tensor([1000, 1000, -1000])) { logSumExp($0) }, Tensor([0.5, 0.5, 0]))
  }

  @Test func `variance may be corrected for the estimated mean`() throws {
    let x = Tensor([[1, 2, 3, 4], [2, 4, 6, 8]])
    try expectClose(x.variance(along: 1), Tensor([1.25, 5]))
    try expectClose(
      x.variance(along: 1, correction: 1), Tensor([5.0 / 3, 20.0 / 3], dtype: .float32))
    try expectClose(x.variance(), 4.6875)
    try expectClose(Tensor([3, 4]).norm(), 5)
    // Far from 0 the two-pass form keeps its digits.
    try expectClose((Tensor([1, 2, 3]) + 10_000).variance(), 2.0 / 3)
  }

  @Test func `the gradient of a product is right where elements are 0`() throws {
    try expectClose(gradient(at: Tensor([2, 0, 3])) { $0.product() }, Tensor([0, 6, 0]))
    try expectClose(gradient(at: Tensor([0, 0, 3])) { $0.product() }, Tensor([0, 0, 0]))
    try checkGradients(of: { $0.product() }, at: Tensor([2, 0, 3, -1]), order: 2)
  }
}
