import Core
import LayerTesting
import Testing

@Suite struct GatheringTests {
  static let table = Tensor([[1, 2], [3, 4], [5, 6]])

  @Test func `gathered slices take the axis's place`() {
    let x = Self.table
    #expect(x.gathered(at: Tensor([2, 0], dtype: .int64)) == Tensor([[5, 6], [1, 2]]))
    #expect(x.gathered(at: Tensor([-1, 1], dtype: .int32)) == Tensor([[5, 6], [3, 4]]))
    #expect(x.gathered(at: Tensor([1, 1, 0], dtype: .int64), along: 1).shape == [3, 3])
    #expect(x.gathered(at: Tensor(1, dtype: .int64)) == Tensor([3, 4]))
    let grid = Tensor([[0, 1], [2, 2]], dtype: .int64)
    #expect(x.gathered(at: grid).shape == [2, 2, 2] && x.gathered(at: grid)[1, 1] == x[2])
    #expect(x.gathered(at: Tensor.zeros([0], dtype: .int64)).shape == [0, 2])
    #expect(
      x.transposed().gathered(at: Tensor([2], dtype: .int64), along: -1) == Tensor([[5], [6]]))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `gathering is reading at each index`(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let shape = Shape.random(rank: 1...3, isEmptyAllowed: false, using: &generator)
    let axis = shape.randomAxis(using: &generator)
    let x = Arrangement.allCases.randomElement(using: &generator)!(
      Domain.real(shape, .float64, using: &generator), using: &generator)
    let indices = Tensor.randomIntegers([2, 3], in: 0..<shape[axis], using: &generator)
    let elements = x.dictionary
    let positions = indices.dictionary
    for (index, value) in x.gathered(at: indices, along: axis).dictionary {
      let at = Int(positions[Array(index[axis..<(axis + 2)])]!)
      #expect(value == elements[Array(index[..<axis]) + [at] + Array(index[(axis + 2)...])])
    }
    let along = Tensor.randomIntegers(shape, in: 0..<shape[axis], using: &generator)
    let choices = along.dictionary
    for (index, value) in x.takenAlong(along, axis: axis).dictionary {
      var source = index
      source[axis] = Int(choices[index]!)
      #expect(value == elements[source])
    }
  }

  @Test func `repeated indices add up, forward and in gradients`() throws {
    let indices = Tensor([1, 1, 0, 1], dtype: .int64)
    let updates = Tensor([[1, 1], [2, 2], [3, 3], [4, 4]])
    #expect(Self.table.adding(updates, at: indices) == Tensor([[4, 5], [10, 11], [5, 6]]))
    let gradient = gradient(at: Self.table) { x in
      (x.gathered(at: indices) * updates).sum()
    }
    #expect(gradient == Tensor([[3, 3], [7, 7], [0, 0]]))
    let taken = Core.gradient(at: Tensor([[1, 2, 3]])) { x in
      (x.takenAlong(Tensor([[2, 2, 0]], dtype: .int64), axis: 1) * Tensor([[1, 2, 4]])).sum()
    }
    #expect(taken == Tensor([[4, 0, 3]]))
  }

  @Test func `one-hot rows pick the label`() {
    let hot = Tensor([1, 0, 2], dtype: .int32).oneHot(3)
    #expect(hot == Tensor([[0, 1, 0], [1, 0, 0], [0, 0, 1]]))
    #expect(Tensor([[1]], dtype: .int64).oneHot(2, dtype: .float64).shape == [1, 1, 2])
    #expect(Tensor.zeros([0], dtype: .int64).oneHot(4).shape == [0, 4])
  }
}
