import Core
import LayerTesting
import Testing

@Suite struct CumulativeTests {
  /// Folds along an axis the slow way.
  private func reference(
    _ x: Tensor, _ axis: Int, exclusive: Bool, reversed: Bool, _ start: Double,
    _ combine: (Double, Double) -> Double
  ) -> Tensor {
    let elements = x.dictionary
    return Tensor(x.shape) { index in
      var total = start
      let range = 0..<x.shape[axis]
      for place in reversed ? Array(range.reversed()) : Array(range) {
        var at = index
        at[axis] = place
        if exclusive && place == index[axis] { break }
        total = combine(total, elements[at]!)
        if place == index[axis] { break }
      }
      return total
    }
  }

  @Test(arguments: DType.allCases, 0..<6 as Range<UInt64>)
  func `running sums and products are their definition`(dtype: DType, seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let shape = Shape.random(rank: 1...3, using: &generator)
    let axis = shape.randomAxis(using: &generator)
    let x = Arrangement.allCases.randomElement(using: &generator)!(
      (4 * Domain.real(shape, .float64, using: &generator)).cast(to: dtype), using: &generator)
    for (isExclusive, isReversed) in [(false, false), (true, false), (false, true), (true, true)] {
      let sum = x.cumulativeSum(along: axis, exclusive: isExclusive, reversed: isReversed)
      let product = x.cumulativeProduct(
        along: axis - shape.count, exclusive: isExclusive, reversed: isReversed)
      #expect(sum.dtype == (dtype.isFloating ? dtype : .int64) && product.dtype == sum.dtype)
      try expectClose(
        sum.cast(to: .float64),
        reference(x, axis, exclusive: isExclusive, reversed: isReversed, 0, +),
        relative: 1e-6, absolute: 1e-6)
      try expectClose(
        product.cast(to: .float64),
        reference(x, axis, exclusive: isExclusive, reversed: isReversed, 1, *),
        relative: 1e-5, absolute: 1e-6)
    }
  }

  @Test func `a long float32 sum keeps its digits`() {
    let sums = Tensor.full([100_000], 0.1).cumulativeSum()
    #expect(Swift.abs(sums[-1].item() - 10_000) < 0.01)
    let wide = Tensor.full([3000, 70], 0.1).cumulativeSum(along: 0)
    #expect(wide[-1] == wide[-1, 0].broadcast(to: [70]))
  }

  @Test func `running extremes remember where they were met`() {
    let x = Tensor([2, 1, 2, .nan, 5])
    let (values, indices) = x[0..<3].cumulativeMaximum()
    #expect(values == Tensor([2, 2, 2]) && indices == Tensor([0, 0, 0] as [Int]))
    #expect(x.cumulativeMaximum().values.isNaN() == Tensor([false, false, false, true, true]))
    #expect(x[0..<3].cumulativeMinimum().indices == Tensor([0, 1, 1] as [Int]))
    let backward = Tensor([[1, 3, 2]] as [[Int]]).cumulativeMaximum(along: 1, reversed: true)
    #expect(backward.values == Tensor([[3, 3, 2]] as [[Int]]))
    #expect(backward.indices == Tensor([[1, 1, 2]] as [[Int]]))
    #expect(Tensor.zeros([2, 0]).cumulativeMinimum().values.shape == [2, 0])
    let table = Tensor([[1, 5], [4, 2], [3, 3]])
    #expect(table.cumulativeMaximum(along: 0).values == Tensor([[1, 5], [4, 5], [4, 5]]))
  }

  @Test func `a product through zeros has exact derivatives`() throws {
    let x = Tensor([2, 0, 3, 0, 5], dtype: .float64)
    // ∂y₂/∂x = x₀ x₂ at 1 alone; y₃ has two zeros among its factors.
    let slope = gradient(at: x) { $0.cumulativeProduct()[2] }
    #expect(slope == Tensor([0, 6, 0, 0, 0], dtype: .float64))
    #expect(gradient(at: x) { $0.cumulativeProduct()[3] } == Tensor.zeros(like: x))
    let curvature = hessian(at: x) { $0.cumulativeProduct()[4] }
    #expect(curvature[1, 3].item() == 2 * 3 * 5 && curvature[3, 1].item() == 30)
    #expect(curvature.sum().item() == 60)
    try checkGradients(of: { $0.cumulativeProduct() }, at: x, order: 2)
    func second(_ x: Tensor) -> Tensor {
      gradient(at: x) { x in gradient(at: x) { $0.cumulativeProduct().sum() }.sum() }
    }
    try checkGradients(of: second, at: x)
  }

  @Test func `a recurrence is its loop`() {
    let (a, b) = (Tensor([9, 0.5, 0.5, 2]), Tensor([1, 1, 0, 3]))
    #expect(linearRecurrence(a, b) == Tensor([1, 1.5, 0.75, 4.5]))
    #expect(linearRecurrence(a, b, reversed: true) == Tensor([16.75, 1.75, 1.5, 3]))
    let returns = linearRecurrence(Tensor(0.5), Tensor([1, 1, 1]), reversed: true)
    #expect(returns == Tensor([1.75, 1.5, 1]))
    // The first coefficient is not read.
    #expect(linearRecurrence(Tensor([.nan, 2]), Tensor([1, 3])) == Tensor([1, 5]))
    #expect(linearRecurrence(Tensor(1), Tensor.zeros([2, 0])).shape == [2, 0])
  }

  @Test func `misfits trap`() async {
    await #expect(processExitsWith: .failure) { _ = Tensor(1).cumulativeSum() }
    await #expect(processExitsWith: .failure) {
      _ = linearRecurrence(Tensor([1, 2]), Tensor([1, 2, 3]))
    }
  }
}
