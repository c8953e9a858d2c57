import Core
import LayerTesting
import Testing

@Suite struct SpectralTests {
  static let dtypes: [DType] = [.float32, .float64]
  /// Both sides of where Jacobi's method ends and of the panels of 32 columns.
  static let sizes = [0, 1, 2, 3, 4, 5, 8, 31, 32, 33, 34, 65, 100]
  static let shapes: [Shape] = [
    [0, 0], [3, 0], [0, 2], [1, 1], [1, 5], [4, 3], [3, 4], [8, 8], [33, 31], [31, 33], [70, 65],
    [20, 90], [80, 40], [33, 100],
  ]

  private func identityError(_ x: Tensor) -> Double {
    let square = matmul(x.transposed(), x)
    let error = square - Tensor.identity(square.shape[square.rank - 1], dtype: x.dtype)
    return error.count == 0 ? 0 : abs(error).maximum().item()
  }

  @Test(arguments: sizes, dtypes)
  func `eigenvectors are orthonormal and diagonalise`(n: Int, dtype: DType) throws {
    var generator = RandomGenerator(seed: UInt64(n))
    let x = Tensor.randomNormal([2, n, n], dtype: dtype, using: &generator)
    let a = 0.5 * (x + x.transposed())
    let (values, vectors) = symmetricEigen(a)
    #expect(values.shape == [2, n] && vectors.shape == [2, n, n] && values.dtype == dtype)
    let bound = tolerance(dtype, n)
    #expect(identityError(vectors) <= bound)
    let again = matmul(vectors * values.expandingShape(at: -2), vectors.transposed())
    try expectClose(again, a, relative: 0, absolute: 4 * bound)
    if n > 1 { #expect((values[.all, 1...] .>= values[.all, 0..<(n - 1)]).all()) }
    try expectClose(symmetricEigenvalues(a), values, relative: 0, absolute: 4 * bound)
    // Of a matrix that is not symmetric, the symmetric part is taken, in any layout.
    for seed in 0..<UInt64(4) {
      let arranged = arranged(x, seed, using: &generator)
      try expectClose(symmetricEigenvalues(arranged), values, relative: 0, absolute: 4 * bound)
    }
    try expectClose(trace(a), values.sum(along: -1), relative: 1e-4, absolute: 20 * bound)
  }

  @Test(arguments: shapes, dtypes)
  func `singular vectors are orthonormal and give the matrix`(shape: Shape, dtype: DType) throws {
    var generator = RandomGenerator(seed: 3)
    let (m, n) = (shape[0], shape[1])
    let k = min(m, n)
    let a = Tensor.randomNormal([2, m, n], dtype: dtype, using: &generator)
    let bound = tolerance(dtype, max(m, n))
    for full in [false, true] {
      let (u, values, v) = svd(a, full: full)
      #expect(u.shape == [2, m, full ? m : k] && values.shape == [2, k])
      #expect(v.shape == [2, n, full ? n : k])
      #expect(identityError(u) <= bound && identityError(v) <= bound)
      let (left, right) = (u.narrowed(-1, from: 0, count: k), v.narrowed(-1, from: 0, count: k))
      let again = matmul(left * values.expandingShape(at: -2), right.transposed())
      try expectClose(again, a, relative: 0, absolute: 4 * bound)
      #expect((values .>= 0).all())
      if k > 1 { #expect((values[.all, 1...] .<= values[.all, 0..<(k - 1)]).all()) }
      try expectClose(singularValues(a), values, relative: 0, absolute: 4 * bound)
    }
    let arranged = arranged(a, 1, using: &generator)
    try expectClose(singularValues(arranged), singularValues(a), relative: 0, absolute: 4 * bound)
    let transposed = singularValues(a.transposed())
    try expectClose(transposed, singularValues(a), relative: 0, absolute: 4 * bound)
  }

  @Test(arguments: dtypes)
  func `singular values are roots of the eigenvalues of the product`(dtype: DType) throws {
    var generator = RandomGenerator(seed: 4)
    let a = Tensor.randomNormal([40, 20], dtype: dtype, using: &generator)
    let eigenvalues = symmetricEigenvalues(matmul(a.transposed(), a))
    let roots = sqrt(eigenvalues[stride(from: 19, through: 0, by: -1)])
    try expectClose(singularValues(a), roots, relative: 2e3 * tolerance(dtype, 1))
  }

  /// Matrices that iterations find hard: zeros, equal and clustered values, values that span the
  /// range of the type.
  static let hard: [(String, Tensor)] = {
    var generator = RandomGenerator(seed: 9)
    let n = 40
    let basis = qr(Tensor.randomNormal([n, n], dtype: .float64, using: &generator)).q
    func with(_ values: Tensor) -> Tensor { matmul(basis * values, basis.transposed()) }
    let index = Tensor.range(to: Double(n), dtype: .float64)
    let ones = Tensor.ones([n], dtype: .float64)
    return [
      ("zero", 0 * with(index)), ("identity", diagonalMatrix(ones)), ("ones", outer(ones, ones)),
      ("two values", with(select(index .< 20, ones, 2 * ones))),
      ("graded", diagonalMatrix(exp(-2 * index))), ("upwards", diagonalMatrix(exp(2 * index - 80))),
      ("geometric", with(exp(-0.8 * index))),
      ("rank one", outer(index, index)),
      ("nilpotent", diagonalMatrix(ones, offset: 1)),
      ("no diagonal", diagonalMatrix(ones, offset: 1) + diagonalMatrix(ones, offset: -1)),
      ("huge", 1e290 * with(index)), ("tiny", 1e-300 * with(index)),
    ]
  }()

  @Test(arguments: hard.indices)
  func `hard matrices converge`(index: Int) throws {
    let (name, a) = Self.hard[index]
    let size = max(abs(a).maximum().item(), 1e-305)
    let symmetric = 0.5 * (a + a.transposed())
    let (values, vectors) = try symmetricEigen(checking: symmetric)
    #expect(identityError(vectors) < 1e-13, "\(name)")
    let again = matmul(vectors * (values / size), vectors.transposed())
    try expectClose(again, symmetric / size, relative: 0, absolute: 1e-12, name)
    let (u, s, v) = try svd(checking: a)
    #expect(identityError(u) < 1e-13 && identityError(v) < 1e-13, "\(name)")
    let product = matmul(u * (s / size), v.transposed())
    try expectClose(product, a / size, relative: 0, absolute: 1e-12, name)
  }

  @Test func `results do not depend on the batch`() {
    var generator = RandomGenerator(seed: 5)
    for n in [3, 6, 33] {
      let x = Tensor.randomNormal([3, 2, n, n], dtype: .float64, using: &generator)
      let (values, vectors) = symmetricEigen(x)
      let (u, s, v) = svd(x)
      for i in 0..<3 {
        let one = symmetricEigen(x[i, 1])
        #expect(one.values == values[i, 1] && one.vectors == vectors[i, 1])
        let alone = svd(x[i, 1])
        #expect(alone.left == u[i, 1] && alone.values == s[i, 1] && alone.right == v[i, 1])
      }
    }
  }

  @Test(arguments: [2, 40], [Double.nan, .infinity])
  func `what is not finite is NaN, or an error that says which`(n: Int, bad: Double) throws {
    var a = Tensor.ones([2, 2, n, n], dtype: .float64) + Tensor.identity(n, dtype: .float64)
    a[1, 0, n - 1, 0] = Tensor(bad)
    let places: [Double] = [0, 0, 1, 0]
    func spoiled(_ x: Tensor) -> [Double] {
      let rows = x.reshaped([4, -1]).isNaN()
      #expect(rows.any(along: 1) == rows.all(along: 1))
      return rows.any(along: 1).scalars(as: Double.self)
    }
    let (values, vectors) = symmetricEigen(a)
    #expect(spoiled(values) == places && spoiled(vectors) == places)
    #expect(spoiled(symmetricEigenvalues(a)) == places && spoiled(singularValues(a)) == places)
    let (u, s, v) = svd(a, full: true)
    #expect(spoiled(u) == places && spoiled(s) == places && spoiled(v) == places)
    #expect(spoiled(pseudoInverse(a)) == places && spoiled(spectralNorm(a)) == places)
    #expect(spoiled(matrixNorm(a, .nuclear)) == places)
    #expect(matrixRank(a)[1, 0].item() == 0 && matrixRank(a)[0, 0].item() == Double(n))
    func expected(_ operation: String) -> SpectralError {
      SpectralError(operation: operation, reason: .notFinite, batchIndex: [1, 0])
    }
    #expect(throws: expected("symmetricEigen")) { try symmetricEigen(checking: a) }
    #expect(throws: expected("symmetricEigenvalues")) { try symmetricEigenvalues(checking: a) }
    #expect(throws: expected("svd")) { try svd(checking: a) }
    #expect(throws: expected("singularValues")) { try singularValues(checking: a) }
    #expect(throws: expected("pseudoInverse")) { try pseudoInverse(checking: a) }
    #expect(expected("svd").description == "svd: matrix [1, 0] is not finite")
    try expectClose(symmetricEigenvalues(checking: a[0]), values[0], absolute: 1e-11)
    try expectClose(singularValues(checking: a[0]), s[0], absolute: 1e-11)
    #expect(try pseudoInverse(checking: a[0]) == pseudoInverse(a[0]))
  }

  @Test func `rank, condition and spectral norm follow from the values`() throws {
    let a = diagonalMatrix(Tensor([4, -2, 0.5]).cast(to: .float64))
    #expect(matrixRank(a).item() == 3 && matrixRank(a, relativeTolerance: 0.2).item() == 2)
    try expectClose(conditionNumber(a), 8)
    try expectClose(spectralNorm(a), 4)
    try expectClose(gradient(at: a) { spectralNorm($0) }, diagonalMatrix(Tensor([1, 0, 0])))
    #expect(matrixRank(Tensor.zeros([2, 3, 0])).scalars(as: Int.self) == [0, 0])
    #expect(spectralNorm(Tensor.zeros([2, 0, 4])) == Tensor.zeros([2]))
    #expect(conditionNumber(Tensor([[1, 1], [0, 0]])).item() == .infinity)
    #expect(matrixRank(Tensor.ones([50, 60])).item() == 1)
  }
}
