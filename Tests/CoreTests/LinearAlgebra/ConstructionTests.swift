import Core
import LayerTesting
import Testing

@Suite struct ConstructionTests {
  static let a = Tensor([[1, 2, 3], [4, 5, 6]])

  @Test func `diagonals go right and left`() {
    #expect(diagonal(Self.a) == Tensor([1, 5]) && diagonal(Self.a, offset: 1) == Tensor([2, 6]))
    #expect(diagonal(Self.a, offset: 2) == Tensor([3]))
    #expect(diagonal(Self.a, offset: -1) == Tensor([4]))
    #expect(diagonal(Self.a, offset: 3).shape == [0] && diagonal(Self.a, offset: -9).shape == [0])
  }

  @Test func `a diagonal matrix has its diagonal, zeros elsewhere`() {
    let x = Tensor([[1, 2], [3, .infinity]])
    for offset in -2...2 {
      let matrix = diagonalMatrix(x, offset: offset)
      #expect(matrix.shape == [2, 2 + abs(offset), 2 + abs(offset)])
      #expect(diagonal(matrix, offset: offset) == x)
      #expect((matrix .!= 0).sum().item() == 4 && !matrix.isNaN().any())
    }
    #expect(diagonalMatrix(Tensor.zeros([0]), offset: 1) == Tensor.zeros([1, 1]))
    #expect(diagonalMatrix(Tensor([1, 2] as [Int])).dtype == .int64)
  }

  @Test func `triangles add up to the matrix`() {
    for offset in -3...4 {
      let (lower, upper) = (
        lowerTriangle(Self.a, offset: offset - 1), upperTriangle(Self.a, offset: offset)
      )
      #expect(lower + upper == Self.a)
    }
    #expect(lowerTriangle(Self.a) == Tensor([[1, 0, 0], [4, 5, 0]]))
    #expect(upperTriangle(Self.a, offset: 1) == Tensor([[0, 2, 3], [0, 0, 6]]))
    let hole = Tensor([[1, .nan], [2, 3]])
    #expect(lowerTriangle(hole) == Tensor([[1, 0], [2, 3]]))
  }

  @Test func `the trace is the sum of the diagonal`() {
    #expect(trace(Self.a).item() == 6 && trace(Self.a.transposed()).item() == 6)
    #expect(trace(stacked([Self.a, 2 * Self.a])) == Tensor([6, 12]))
    #expect(trace(Tensor([[1, 2], [3, 4]] as [[Int]])).dtype == .int64)
    #expect(trace(Tensor.zeros([2, 0, 0])) == Tensor([0, 0]))
  }

  @Test func `the Kronecker product is a matrix of blocks`() throws {
    let b = Tensor([[0, 1], [1, 0]])
    #expect(
      kroneckerProduct(Tensor([[1, 2]]), b) == Tensor([[0, 1, 0, 2], [1, 0, 2, 0]]))
    #expect(kroneckerProduct(Tensor([1, 2]), Tensor([3, 4])) == Tensor([3, 4, 6, 8]))
    var generator = RandomGenerator(seed: 1)
    func random(_ shape: Shape) -> Tensor {
      Tensor.randomNormal(shape, dtype: .float64, using: &generator)
    }
    let (p, q, r, s) = (random([2, 3, 4]), random([2, 5]), random([4, 2]), random([5, 3]))
    try expectClose(
      matmul(kroneckerProduct(p, q), kroneckerProduct(r, s)),
      kroneckerProduct(matmul(p, r), matmul(q, s)), absolute: 1e-12)
    let x = random([4, 5])
    try expectClose(
      matmul(kroneckerProduct(p, q), x.reshaped([20])),
      matmul(matmul(p, x), q.transposed()).reshaped([2, 6]), absolute: 1e-12)
  }

  private static func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func `matrices that are not square are named`() async {
    let eigen = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = symmetricEigen(Tensor.zeros([4, 2, 3])) }
    #expect(
      Self.text(eigen).contains("symmetricEigen: the matrices are not square: shape [4, 2, 3]"))
    let exponential = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = matrixExponential(Tensor.zeros([2, 3])) }
    #expect(Self.text(exponential).contains("matrixExponential: the matrices are not square"))
    let vector = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = svd(Tensor.zeros([3])) }
    #expect(Self.text(vector).contains("svd: shape [3] is no matrix"))
  }
}
