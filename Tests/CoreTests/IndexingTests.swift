import Core
import LayerTesting
import Testing

@Suite struct IndexingTests {
  /// Element [i, j, k] is 100 i + 10 j + k.
  static let digits = Tensor([4, 5, 6]) { Double(100 * $0[0] + 10 * $0[1] + $0[2]) }

  @Test func `every kind of index names its part`() throws {
    let x = Self.digits
    #expect(x[1, 2, 3].item() == 123 && x[-1, -1, -1].item() == 345)
    #expect(x[1].shape == [5, 6] && x[1, 2].shape == [6])
    #expect(x[1..<3].shape == [2, 5, 6] && x[1...3, 0].shape == [3, 6])
    #expect(x[2..., ..<2].shape == [2, 2, 6] && x[...1].shape == [2, 5, 6])
    #expect(x[.all, 2].shape == [4, 6] && x[.ellipsis, 2].shape == [4, 5])
    #expect(x[0, .ellipsis, 2].shape == [5] && x[.ellipsis].shape == [4, 5, 6])
    #expect(x[.newAxis, 0].shape == [1, 5, 6] && x[.ellipsis, .newAxis].shape == [4, 5, 6, 1])
    #expect(x[stride(from: 0, to: 4, by: 2)].shape == [2, 5, 6])
    #expect(
      x[1, 4, stride(from: 5, through: 0, by: -2)] == Tensor([145, 143, 141], dtype: .float64))
    #expect(x[1..<1].shape == [0, 5, 6] && x[stride(from: 2, to: 2, by: 1)].shape == [0, 5, 6])
    #expect(Tensor(3)[.newAxis].shape == [1] && Tensor(3)[.ellipsis].shape == [])
  }

  @Test(arguments: 0..<50)
  func `a part holds the elements of its positions`(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let x = Arrangement.allCases.filter { $0 != .broadcast }.randomElement(using: &generator)!(
      Self.digits, using: &generator)
    let rows = Int.random(in: 0...2, using: &generator)..<Int.random(in: 2...4, using: &generator)
    let column = Int.random(in: -5..<5, using: &generator)
    let step = [-3, -2, -1, 1, 2, 3].randomElement(using: &generator)!
    let depth = stride(from: step > 0 ? 0 : 5, through: step > 0 ? 5 : 0, by: step)
    let expected = rows.flatMap { i in
      depth.map { k in Double(100 * i + 10 * ((column + 5) % 5) + k) }
    }
    let part = x[rows, column, depth]
    #expect(part.shape == [rows.count, Array(depth).count])
    #expect(part.scalars(as: Double.self) == expected)
  }

  @Test func `assignment writes that part and no other`() {
    var x = Tensor.zeros([3, 4])
    x[1] = Tensor([1, 2, 3, 4])
    x[.all, 0] = Tensor(9)
    x[2, 1..<3] = Tensor([5, 6])
    x[0, stride(from: 3, through: 1, by: -1)] = Tensor([1, 2, 3])
    #expect(x == Tensor([[9, 3, 2, 1], [9, 2, 3, 4], [9, 5, 6, 0]]))
    x[0..<2, 2...] = Tensor([[0, 1]])
    #expect(x == Tensor([[9, 3, 0, 1], [9, 2, 0, 1], [9, 5, 6, 0]]))
    x[1] += 10
    #expect(x[1] == Tensor([19, 12, 10, 11]))
    var counts = Tensor.zeros([2], dtype: .int64)
    counts[0] = Tensor(3)
    #expect(counts.scalars(as: Int.self) == [3, 0] && counts.dtype == .int64)
    x[0, 0..<0] = Tensor.zeros([0])
  }

  @Test func `a tensor may be assigned to a part of itself`() {
    var x = Tensor([1, 2, 3, 4])
    x[1...] = x[..<3]
    #expect(x == Tensor([1, 1, 2, 3]))
    var y = Tensor([1, 2, 3])
    y[.all] = y[stride(from: 2, through: 0, by: -1)]
    #expect(y == Tensor([3, 2, 1]))
  }

  @Test func `one to eight indices`() {
    var x = Tensor.range(to: 256).reshaped([2, 2, 2, 2, 2, 2, 2, 2])
    #expect(x[1, 1, 1, 1, 1, 1, 1, 1].item() == 255)
    #expect(x[0, 0, 0, 1, 0, 0, 0].shape == [2] && x[1, 0, 1, 0, 1, 0].shape == [2, 2])
    #expect(x[0, 1, 0, 1, 0].shape == [2, 2, 2] && x[0, 1, 0, 1].shape == [2, 2, 2, 2])
    x[0, 0, 0, 0, 0, 0, 0, 1] = Tensor(-1)
    x[1, 1, 1, 1, 1, 1, 1] = Tensor(-2)
    #expect(x.flattened()[1].item() == -1 && x.flattened()[254...] == Tensor([-2, -2]))
  }
}
