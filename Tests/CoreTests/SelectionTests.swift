import Core
import Testing

@Suite struct SelectionTests {
  static let x = Tensor([[1, -2, 3], [-4, 5, 0]])

  @Test func `a mask selects elements or slices`() {
    #expect(Self.x.selected(where: Self.x .> 0) == Tensor([1, 3, 5]))
    #expect(Self.x.selected(where: Tensor([false, true])) == Tensor([[-4, 5, 0]]))
    #expect(Self.x.transposed().selected(where: Self.x.transposed() .< 0) == Tensor([-4, -2]))
    #expect(Self.x.selected(where: Self.x .> 9).shape == [0])
    #expect(Self.x.selected(where: Tensor([false, false])).shape == [0, 3])
    #expect(Tensor(4).selected(where: Tensor(true)) == Tensor([4]))
    let gradient = gradient(at: Self.x) { square($0.selected(where: $0 .> 0)).sum() }
    #expect(gradient == Tensor([[2, 0, 6], [0, 10, 0]]))
  }

  @Test func `filling and replacing write where the mask is true`() {
    #expect(Self.x.filled(with: 9, where: Self.x .< 0) == Tensor([[1, 9, 3], [9, 5, 0]]))
    #expect(
      Self.x.filled(with: -.infinity, where: Tensor([true, false, false]))
        == Tensor([[-.infinity, -2, 3], [-.infinity, 5, 0]]))
    #expect(
      Tensor([1, 2] as [Int]).filled(with: 7, where: Tensor([false, true]))
        == Tensor([1, 7] as [Int]))
    let mask = Self.x .> 0
    let replaced = Self.x.replacing(where: mask, with: Tensor([10, 20, 30]))
    #expect(replaced == Tensor([[10, -2, 20], [-4, 30, 0]]))
    #expect(replaced.selected(where: mask) == Tensor([10, 20, 30]))
    #expect(Self.x.replacing(where: Self.x .> 9, with: Tensor.zeros([0])) == Self.x)
  }

  @Test func `nonzero elements have indices`() {
    #expect(
      Self.x.nonzeroIndices() == Tensor([[0, 0], [0, 1], [0, 2], [1, 0], [1, 1]] as [[Int]]))
    #expect(Tensor([false, true, true]).nonzeroIndices() == Tensor([[1], [2]] as [[Int]]))
    #expect(Tensor([0, .nan]).nonzeroIndices() == Tensor([[1]] as [[Int]]))
    #expect(
      Tensor(3).nonzeroIndices().shape == [1, 0] && Tensor(0).nonzeroIndices().shape == [0, 0])
    #expect(Tensor.zeros([2, 0]).nonzeroIndices().shape == [0, 2])
    let sparse = Tensor.zeros([100, 30]).replacing(
      Tensor.ones([1, 30]), at: Tensor([99] as [Int]))
    #expect(sparse.nonzeroIndices()[.all, 0] == Tensor.full([30], 99, dtype: .int64))
  }

  @Test func `replacing and adding along an axis`() {
    let at = Tensor([[2, 0], [1, 1]] as [[Int]])
    let values = Tensor([[10, 20], [30, 40]])
    // Of the two values for position 1 of the second row the last counts.
    #expect(
      Self.x.replacingAlong(values, at: at, axis: 1) == Tensor([[20, -2, 10], [-4, 40, 0]]))
    #expect(Self.x.addingAlong(values, at: at, axis: 1) == Tensor([[21, -2, 13], [-4, 75, 0]]))
    let gradient = gradient(at: values) {
      (Self.x.replacingAlong($0, at: at, axis: 1) * Tensor([[1, 2, 3], [4, 5, 6]])).sum()
    }
    #expect(gradient == Tensor([[3, 1], [0, 5]]))
    #expect(
      Self.x.replacing(Tensor([[7], [8]]), at: Tensor([-1] as [Int]), along: 1)
        == Tensor([[1, -2, 7], [-4, 5, 8]]))
    #expect(
      Self.x.replacing(Tensor([7, 8, 9]), at: Tensor(0 as Int))
        == Tensor([[7, 8, 9], [-4, 5, 0]]))
    #expect(
      Tensor([true, false]).replacing(Tensor([true]), at: Tensor([1] as [Int]))
        == Tensor([true, true]))
  }

  @Test(arguments: DType.allCases)
  func `unique values rebuild the tensor`(dtype: DType) {
    var generator = RandomGenerator(seed: 5)
    for shape in [[40], [0], [1], [3, 4, 2], []] as [Shape] {
      let x = Tensor.randomIntegers(shape, in: -3..<4, using: &generator).cast(to: dtype)
      let (values, inverse, counts) = x.unique()
      #expect(values.dtype == dtype && inverse.shape == shape)
      #expect(Set(values.scalars(as: Double.self)).count == values.count)
      #expect(values.sorted() == values && counts.sum().item() == Double(x.count))
      if x.count > 0 { #expect(values.gathered(at: inverse) == x) }
      for (value, count) in zip(
        values.scalars(as: Double.self), counts.scalars(as: Int.self))
      {
        #expect(x.scalars(as: Double.self).filter { $0 == value }.count == count)
      }
    }
  }

  @Test func `NaNs are one value, and zeros equal`() {
    let (values, inverse, counts) = Tensor([.nan, 1, -0.0, .nan, 0, .infinity]).unique()
    #expect(values[0..<3] == Tensor([0, 1, .infinity]) && values[3].isNaN().all())
    #expect(
      inverse == Tensor([3, 1, 0, 3, 0, 2] as [Int]) && counts == Tensor([2, 1, 1, 2] as [Int]))
  }

  @Test func `one-hot rows of many classes take only their own memory`() {
    let hot = Tensor([99_999, 0] as [Int]).oneHot(100_000)
    #expect(hot.shape == [2, 100_000] && hot.sum().item() == 2 && hot[0, 99_999].item() == 1)
  }

  @Test func `misfits trap`() async {
    await #expect(processExitsWith: .failure) { _ = Self.x.selected(where: Tensor([1, 0])) }
    await #expect(processExitsWith: .failure) {
      _ = Self.x.selected(where: Tensor([true, false, true]))
    }
    await #expect(processExitsWith: .failure) {
      _ = Self.x.replacing(where: Self.x .> 0, with: Tensor([1]))
    }
    await #expect(processExitsWith: .failure) {
      _ = Self.x.replacingAlong(Tensor([[1], [2]]), at: Tensor([[3], [0]] as [[Int]]), axis: 1)
    }
    await #expect(processExitsWith: .failure) { _ = Tensor([3] as [Int]).oneHot(3) }
  }
}
