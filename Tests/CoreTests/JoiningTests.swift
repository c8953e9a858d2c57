import Core
import LayerTesting
import Testing

@Suite struct JoiningTests {
  @Test(arguments: 0..<30 as Range<UInt64>)
  func `splitting undoes concatenating`(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let shape = Shape.random(rank: 1...4, using: &generator)
    let axis = shape.randomAxis(using: &generator)
    let sizes = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
      Int.random(in: 0...3, using: &generator)
    }
    let parts = sizes.map { size in
      var part = shape
      part[axis] = size
      let x = Tensor.randomNormal(part, using: &generator)
      return Arrangement.allCases.randomElement(using: &generator)!(x, using: &generator)
    }
    let whole = concatenated(parts, along: axis)
    #expect(whole.shape[axis] == sizes.reduce(0, +))
    for (a, b) in zip(whole.split(sizes: sizes, along: axis - shape.count), parts) {
      #expect(a == b)
    }
  }

  @Test func `concatenation and stacking by example`() {
    let (a, b) = (Tensor([[1, 2]]), Tensor([[3, 4], [5, 6]]))
    #expect(concatenated([a, b]) == Tensor([[1, 2], [3, 4], [5, 6]]))
    #expect(concatenated([b, b], along: 1) == Tensor([[3, 4, 3, 4], [5, 6, 5, 6]]))
    #expect(stacked([Tensor([1, 2]), Tensor([3, 4])]) == Tensor([[1, 2], [3, 4]]))
    #expect(stacked([Tensor([1, 2]), Tensor([3, 4])], along: -1) == Tensor([[1, 3], [2, 4]]))
    #expect(stacked([Tensor(1), Tensor(2)]) == Tensor([1, 2]))
    let mixed = concatenated([Tensor([1, 2], dtype: .int32), Tensor([0.5])])
    #expect(mixed == Tensor([1, 2, 0.5]))
  }

  @Test func `equal parts, tiles, borders`() {
    let x = Tensor([[1, 2], [3, 4]])
    #expect(x.split(count: 2, along: 1).map { $0.scalars(as: Int.self) } == [[1, 3], [2, 4]])
    #expect(x.tiled([1, 2]) == Tensor([[1, 2, 1, 2], [3, 4, 3, 4]]))
    #expect(x.tiled([2, 1]) == Tensor([[1, 2], [3, 4], [1, 2], [3, 4]]))
    #expect(x.tiled([0, 3]).shape == [0, 6])
    #expect(
      x.padded([(1, 0), (0, 1)]) == Tensor([[0, 0, 0], [1, 2, 0], [3, 4, 0]]))
    #expect(Tensor([1]).padded([(1, 1)], with: -1) == Tensor([-1, 1, -1]))
    #expect(x.narrowed(-1, from: 1, count: 1) == Tensor([[2], [4]]))
    let deep = Tensor.ones([2, 1, 1, 1, 3]).tiled([1, 2, 1, 1, 2])
    #expect(deep.shape == [2, 2, 1, 1, 6] && deep.sum().item() == 24)
  }
}
