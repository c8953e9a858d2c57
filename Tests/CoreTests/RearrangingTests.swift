import Core
import Testing

@Suite struct RearrangingTests {
  static let x = Tensor([[1, 2, 3], [4, 5, 6]])

  @Test func `flips are views of the other order`() {
    #expect(Self.x.flipped(along: 1) == Tensor([[3, 2, 1], [6, 5, 4]]))
    #expect(Self.x.flipped(along: 0) == Tensor([[4, 5, 6], [1, 2, 3]]))
    #expect(Self.x.flipped() == Tensor([[6, 5, 4], [3, 2, 1]]))
    #expect(Self.x.transposed().flipped(along: -1, 0) == Tensor([[6, 3], [5, 2], [4, 1]]))
    #expect(Self.x.flipped().flipped() == Self.x)
    #expect(Tensor.zeros([2, 0]).flipped().shape == [2, 0] && Tensor(3).flipped() == Tensor(3))
  }

  @Test func `rolling wraps around`() {
    let x = Tensor([1, 2, 3, 4, 5])
    #expect(x.rolled(by: 2) == Tensor([4, 5, 1, 2, 3]))
    #expect(x.rolled(by: -1) == Tensor([2, 3, 4, 5, 1]))
    #expect(x.rolled(by: 12) == x.rolled(by: 2) && x.rolled(by: -13) == x.rolled(by: 2))
    #expect(x.rolled(by: 5) == x && Tensor.zeros([0]).rolled(by: 3).shape == [0])
    #expect(
      Self.x.rolled(by: [1, -1], along: [0, 1]) == Tensor([[5, 6, 4], [2, 3, 1]]))
  }

  @Test func `repeating keeps copies together`() {
    #expect(Tensor([1, 2]).repeated(3) == Tensor([1, 1, 1, 2, 2, 2]))
    #expect(Self.x.repeated([2, 0], along: 0) == Tensor([[1, 2, 3], [1, 2, 3]]))
    #expect(Self.x.repeated([0, 1, 2]) == Tensor([[2, 3, 3], [5, 6, 6]]))
    #expect(Self.x.repeated(0, along: 0).shape == [0, 3])
  }

  @Test func `borders continue what is there`() {
    let x = Tensor([1, 2, 3])
    let wide = [(before: 4, after: 5)]
    #expect(x.padded(wide, border: .edge) == Tensor([1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3]))
    #expect(x.padded(wide, border: .circular) == Tensor([3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2]))
    #expect(x.padded(wide, border: .reflected) == Tensor([1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2]))
    #expect(x.padded(wide, border: .symmetric) == Tensor([3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1, 2]))
    #expect(Tensor([7]).padded([(2, 1)], border: .reflected) == Tensor([7, 7, 7, 7]))
    #expect(
      Self.x.padded([(1, 0), (0, 1)], border: .circular)
        == Tensor([[4, 5, 6, 4], [1, 2, 3, 1], [4, 5, 6, 4]]))
    #expect(Tensor.zeros([0, 2]).padded([(0, 0), (1, 1)], border: .edge).shape == [0, 4])
  }

  @Test func `windows look at the same memory`() {
    let x = Tensor([0, 1, 2, 3, 4, 5])
    #expect(x.slidingWindows(size: 4) == Tensor([[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]]))
    #expect(x.slidingWindows(size: 2, stride: 3) == Tensor([[0, 1], [3, 4]]))
    #expect(
      x.slidingWindows(size: 3, stride: 1, dilation: 2) == Tensor([[0, 2, 4], [1, 3, 5]]))
    #expect(x.slidingWindows(size: 7).shape == [0, 7])
    let columns = Self.x.slidingWindows(size: 2, along: 0)
    #expect(columns.shape == [1, 3, 2] && columns[0] == Self.x.transposed())
    #expect(
      Self.x.transposed().slidingWindows(size: 1, along: 0)[.ellipsis, 0] == Self.x.transposed())
    // A million elements seen a thousand times each take no memory of their own.
    #expect(Tensor.zeros([1_000_000]).slidingWindows(size: 1000).shape == [999_001, 1000])
    let overlaps = gradient(at: x) { $0.slidingWindows(size: 3).sum() }
    #expect(overlaps == Tensor([1, 2, 3, 3, 2, 1]))
  }

  @Test func `misfits trap`() async {
    await #expect(processExitsWith: .failure) { _ = Self.x.slidingWindows(size: 0) }
    await #expect(processExitsWith: .failure) { _ = Self.x.repeated([1, 2], along: 1) }
    await #expect(processExitsWith: .failure) { _ = Self.x.rolled(by: 1, along: 2) }
    await #expect(processExitsWith: .failure) { _ = Self.x.padded([(1, 1)], border: .edge) }
    await #expect(processExitsWith: .failure) {
      _ = Tensor.zeros([0]).padded([(1, 0)], border: .circular)
    }
  }
}
