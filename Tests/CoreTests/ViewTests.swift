import Core
import LayerTesting
import Testing

@Suite struct ViewTests {
  /// 0, 1, 2, … in a shape.
  static func counting(_ shape: Shape) -> Tensor {
    Tensor.range(to: Double(shape.elementCount)).reshaped(shape)
  }

  @Test(arguments: 0..<60)
  func `permuted, transposed and reshaped elements are where they should be`(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let shape = Shape.random(rank: 1...4, using: &generator)
    let arrangement = Arrangement.allCases.filter { $0 != .broadcast }.randomElement(
      using: &generator)!
    let x = arrangement(Self.counting(shape), using: &generator)
    let elements = x.dictionary
    let order = Array(0..<x.rank).shuffled(using: &generator)
    let permuted = x.permuted(order)
    for (index, value) in permuted.dictionary {
      var source = index
      for (axis, from) in order.enumerated() { source[from] = index[axis] }
      #expect(elements[source] == value)
    }
    let other = Shape(shape.shuffled(using: &generator))
    // Row-major order is what reshaping keeps, whatever the strides.
    #expect(permuted.reshaped(other).scalars(as: Double.self) == permuted.scalars(as: Double.self))
    #expect(permuted.flattened().shape == [x.count])
    #expect(permuted.contiguous().isContiguous)
    #expect(permuted.contiguous() == permuted)
  }

  @Test func `one extent may be left open`() {
    let x = Self.counting([2, 3, 4])
    #expect(x.reshaped([-1, 4]).shape == [6, 4] && x.reshaped([2, -1]).shape == [2, 12])
    #expect(x.reshaped([-1]).shape == [24] && x.flattened(from: 1).shape == [2, 12])
    #expect(x.flattened(from: 0, to: 1).shape == [6, 4])
    #expect(Tensor.zeros([0, 3]).reshaped([-1, 3]).shape == [0, 3])
  }

  @Test func `transposing a slice, slicing a transpose`() {
    let x = Self.counting([3, 4])
    #expect(x.transposed()[1].scalars(as: Double.self) == [1, 5, 9])
    #expect(x[.all, 1..<3].transposed().scalars(as: Double.self) == [1, 5, 9, 2, 6, 10])
    #expect(x.transposed().transposed() == x)
    let y = Self.counting([2, 3, 4])
    #expect(y.transposed().shape == [2, 4, 3] && y.transposed(0, -1).shape == [4, 3, 2])
    #expect(Tensor([1, 2]).transposed() == Tensor([1, 2]))
  }

  @Test func `axes of extent one come and go`() {
    let x = Self.counting([2, 3])
    #expect(
      x.expandingShape(at: 0).shape == [1, 2, 3] && x.expandingShape(at: -1).shape == [2, 3, 1])
    #expect(x.expandingShape(at: 1).squeezed() == x && x.expandingShape(at: 1).squeezed(1) == x)
    let y = Tensor.zeros([1, 2, 1])
    #expect(y.squeezed(0).shape == [2, 1] && y.squeezed(-1).shape == [1, 2])
    #expect(y.squeezed().shape == [2] && Tensor(1).expandingShape(at: 0).shape == [1])
  }

  @Test func `a stretched axis repeats`() {
    let x = Tensor([[1], [2]]).broadcast(to: [3, 2, 2])
    #expect(x.scalars(as: Int.self) == [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2])
    #expect(x.reshaped([12]).scalars(as: Int.self) == x.scalars(as: Int.self))
    #expect(Tensor(5).broadcast(to: [2, 0]).shape == [2, 0])
  }

  @Test func `the diagonal of any matrix`() {
    let x = Self.counting([2, 3])
    #expect(x.diagonal().scalars(as: Int.self) == [0, 4])
    #expect(x.transposed().diagonal().scalars(as: Int.self) == [0, 4])
    #expect(Self.counting([2, 2, 2]).diagonal() == Tensor([[0, 3], [4, 7]]))
  }

  @Test func `writing to one tensor never shows in another`() {
    let original = Self.counting([2, 3])
    var copy = original
    let view = original.transposed()
    let row = original[0]
    copy[0] = Tensor([7, 7, 7])
    copy += 1
    #expect(original == Self.counting([2, 3]))
    #expect(view == Self.counting([2, 3]).transposed() && row == Tensor([0, 1, 2]))
    var slice = copy[0]
    slice[0] = Tensor(99)
    #expect(copy[0, 0].item() == 8)
    // A stretched view has one element in memory for many places.
    var stretched = Tensor(1).broadcast(to: [3])
    stretched[1] = Tensor(5)
    #expect(stretched == Tensor([1, 5, 1]))
    var transposed = original.transposed()
    transposed[0, 1] = Tensor(-1)
    #expect(original[1, 0].item() == 3 && transposed[0, 1].item() == -1)
  }

  @Test func `mutable scalars belong to one tensor alone`() {
    let original = Tensor([1, 2, 3])
    var copy = original
    copy.withMutableScalars(as: Float.self) { $0[0] = 9 }
    #expect(original == Tensor([1, 2, 3]) && copy == Tensor([9, 2, 3]))
    var reversed = original[stride(from: 2, through: 0, by: -1)]
    reversed.withMutableScalars(as: Float.self) { $0[0] = 0 }
    #expect(original == Tensor([1, 2, 3]) && reversed == Tensor([0, 2, 1]))
    #expect(original.withScalars(as: Float.self) { $0.reduce(0, +) } == 6)
  }

  @Test func `a write inside a derivative leaves earlier uses as they were`() throws {
    let x = Tensor([1, 2, 3])
    let (value, gradient) = valueWithGradient(at: x) { x in
      var y = x * x
      let before = y
      y[0] = Tensor(10)
      return (before * y).sum()
    }
    // 1 · 10 + 2⁴ + 3⁴
    try expectClose(value, 107)
    try expectClose(gradient, Tensor([20, 32, 108]))
  }

  @Test func `creation makes what it says`() {
    #expect(Tensor.zeros([2]) == Tensor([0, 0]) && Tensor.ones([1, 2]) == Tensor([[1, 1]]))
    #expect(Tensor.full([2], 3, dtype: .int64).scalars(as: Int.self) == [3, 3])
    #expect(Tensor.range(0..<3).scalars(as: Int.self) == [0, 1, 2])
    #expect(Tensor.range(from: 1, to: 2, by: 0.25) == Tensor([1, 1.25, 1.5, 1.75]))
    #expect(Tensor.range(from: 3, to: 0, by: -1) == Tensor([3, 2, 1]))
    #expect(Tensor.linspace(from: 0, to: 1, count: 5) == Tensor([0, 0.25, 0.5, 0.75, 1]))
    #expect(Tensor.identity(2) == Tensor([[1, 0], [0, 1]]))
    #expect(Tensor([[[1, 2], [3, 4]]]).shape == [1, 2, 2])
    #expect(Tensor([] as [Float]).shape == [0] && Tensor(1).shape == [])
  }
}
