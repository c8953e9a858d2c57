import Core
import LayerTesting
import Testing

@Suite struct SortingTests {
  /// The positions that sort one row, the slow way.
  static func order(_ row: [Double], descending: Bool) -> [Int] {
    row.indices.sorted { a, b in
      let (x, y) = (row[a], row[b])
      if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : y.isNaN }
      return x == y ? a < b : (descending ? x > y : x < y)
    }
  }

  @Test(arguments: DType.allCases, [false, true])
  func `sorting is stable and puts NaN last`(dtype: DType, descending: Bool) {
    var generator = RandomGenerator(seed: 11)
    for length in [0, 1, 2, 3, 17, 64, 1000] {
      // Few distinct values, so that many are equal.
      var numbers = (0..<3 * length).map { _ in
        Double(Int.random(in: -4...4, using: &generator)) / (dtype.isFloating ? 2 : 1)
      }
      if dtype.isFloating, length > 2 {
        numbers[1] = .nan
        numbers[length] = .infinity
        numbers[length + 1] = -.infinity
        numbers[2 * length + 1] = .nan
      }
      let x = Tensor(scalars: numbers, shape: [3, length]).cast(to: dtype)
      let values = x.scalars(as: Double.self)
      let rows = (0..<3).map { Array(values[($0 * length)..<(($0 + 1) * length)]) }
      let expected = rows.flatMap { Self.order($0, descending: descending) }
      #expect(x.argsort(descending: descending).scalars(as: Int.self) == expected)
      let sorted = x.sorted(descending: descending)
      #expect(sorted.dtype == dtype && sorted.shape == x.shape)
    }
  }

  @Test(arguments: [0, 1, 2, -1, -2, -3])
  func `any axis and any layout sorts alike`(axis: Int) {
    var generator = RandomGenerator(seed: 5)
    let x = Tensor.randomNormal([4, 5, 6], using: &generator)
    let view = x.permuted([2, 0, 1]).contiguous().permuted([1, 2, 0])
    #expect(view.sorted(along: axis) == x.sorted(along: axis))
    let moved = x.transposed(axis, -1).contiguous().sorted().transposed(axis, -1)
    #expect(x.sorted(along: axis) == moved)
    #expect(x.takenAlong(x.argsort(along: axis), axis: axis) == moved)
  }

  @Test(arguments: [true, false])
  func `the first k are the head of the whole order`(largest: Bool) {
    var generator = RandomGenerator(seed: 6)
    let x = round(Tensor.randomNormal([7, 200], using: &generator) * 10)
    let order = x.argsort(descending: largest)
    for k in [0, 1, 2, 5, 50, 199, 200] {
      let (values, indices) = x.topK(k, largest: largest)
      #expect(values.shape == [7, k] && indices.shape == [7, k])
      #expect(indices == order[0..., 0..<k])
      #expect(values == x.takenAlong(order, axis: -1)[0..., 0..<k])
    }
    let columns = x.transposed().topK(3, along: 0, largest: largest)
    #expect(columns.values == x.topK(3, largest: largest).values.transposed())
  }

  @Test func `gradients go back to where elements came from`() throws {
    var generator = RandomGenerator(seed: 7)
    let x = Tensor.randomNormal([3, 6], dtype: .float64, using: &generator)
    for axis in [0, 1] {
      try checkGradients(of: { square($0.sorted(along: axis)) }, at: x, order: 2)
      try checkGradients(
        of: { square($0.sorted(along: axis, descending: true)) }, at: x, order: 2)
      try checkGradients(of: { square($0.topK(2, along: axis).values) }, at: x, order: 2)
    }
    let gradient = gradient(at: Tensor([3, 1, 2])) { ($0.sorted() * Tensor([10, 20, 30])).sum() }
    #expect(gradient == Tensor([30, 10, 20]))
  }

  @Test func `asking for more than there is traps`() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2, 3]).topK(4) }
  }
}
