import Core
import LayerTesting
import Testing

/// Solutions, inverses and determinants by what they mean.
@Suite struct EquationTests {
  @Test(arguments: matrixSizes, FactorTests.dtypes)
  func `a matrix times its inverse is the identity`(n: Int, dtype: DType) throws {
    for (seed, shape) in FactorTests.shapes(n).enumerated() {
      var generator = RandomGenerator(seed: UInt64(seed + n))
      let a = RandomMatrix.regular(shape, dtype, using: &generator)
      let y = inverse(arranged(a, UInt64(seed + n), using: &generator))
      let identity = Tensor.identity(n, dtype: dtype).broadcast(to: shape)
      let allowed = 2 * tolerance(dtype, n)
      try expectClose(matmul(a, y), identity, relative: allowed, absolute: allowed, "\(shape)")
      try expectClose(matmul(y, a), identity, relative: allowed, absolute: allowed, "\(shape)")
    }
  }

  @Test(arguments: matrixSizes, FactorTests.dtypes)
  func `A times the solution is the right-hand side`(n: Int, dtype: DType) throws {
    for (seed, columns) in [1, 3, 4, 17, 40].enumerated() {
      var generator = RandomGenerator(seed: UInt64(seed + n))
      let a = RandomMatrix.regular([n, n], dtype, using: &generator)
      let b = Tensor.randomNormal([n, columns], dtype: dtype, using: &generator)
      let x = solve(
        arranged(a, UInt64(seed + n), using: &generator),
        arranged(b, UInt64(seed + n + 1), using: &generator))
      let allowed = 2 * tolerance(dtype, n)
      try expectClose(matmul(a, x), b, relative: allowed, absolute: allowed, "\(n), \(columns)")
      let column = b.narrowed(-1, from: 0, count: 1).flattened()
      try expectClose(
        matmul(a, solve(a, column)), column, relative: allowed, absolute: allowed, "\(n)")
    }
  }

  @Test(arguments: [([2, 3], [2, 3]), ([3], [2, 1]), ([2, 1], [3]), ([], [2, 2]), ([4], [])])
  func `batches of equations broadcast`(left: [Int], right: [Int]) throws {
    var generator = RandomGenerator(seed: 3)
    let a = RandomMatrix.regular(Shape(left + [5, 5]), .float64, using: &generator)
    let b = Tensor.randomNormal(Shape(right + [5, 2]), dtype: .float64, using: &generator)
    let batch = Shape.broadcast(Shape(left), Shape(right))!
    let full = b.broadcast(to: Shape(batch + [5, 2]))
    try expectClose(matmul(a, solve(a, b)), full, absolute: 1e-12)
    let l = a.lowerPart() + 3 * Tensor.identity(5, dtype: .float64)
    try expectClose(matmul(l, triangularSolve(l, b)), full, absolute: 1e-12)
    // Vectors of a batch are columns.
    let vector = b.narrowed(-1, from: 0, count: 1)
    try expectClose(
      matmul(a, solve(a, vector)), full.narrowed(-1, from: 0, count: 1), absolute: 1e-12)
  }

  @Test(arguments: matrixSizes, FactorTests.dtypes)
  func `substitution solves with either triangle, transposed or not`(n: Int, dtype: DType) throws {
    var generator = RandomGenerator(seed: UInt64(n))
    let scale = 1 / Double(max(n, 1)).squareRoot()
    let strict = Tensor.randomNormal([n, n], deviation: scale, dtype: dtype, using: &generator)
    let a = strict + 2 * Tensor.identity(n, dtype: dtype)
    let identity = Tensor.identity(n, dtype: dtype)
    for lower in [true, false] {
      let part = lower ? a.lowerPart() : a.transposed().lowerPart().transposed()
      for (transposed, unit) in [(false, false), (true, false), (false, true), (true, true)] {
        for columns in [1, 5, 16, 21] {
          let b = Tensor.randomNormal([n, columns], dtype: dtype, using: &generator)
          let diagonal = a.diagonal().expandingShape(at: -1) * identity
          let full = unit ? part - diagonal + identity : part
          let x = triangularSolve(
            arranged(a, UInt64(columns), using: &generator),
            arranged(b, UInt64(n), using: &generator), lower: lower, transposed: transposed,
            unitDiagonal: unit)
          // Unit triangles grow ill-conditioned with n: compare what the solution gives.
          let allowed = 20 * tolerance(dtype, n) * max(1, abs(x).sum().item() / Double(max(n, 1)))
          try expectClose(
            matmul(transposed ? full.transposed() : full, x), b, relative: allowed,
            absolute: allowed, "\(n) \(lower) \(transposed) \(unit) \(columns)")
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 16, 17, 40], FactorTests.dtypes)
  func `determinants multiply`(n: Int, dtype: DType) throws {
    var generator = RandomGenerator(seed: UInt64(n))
    let scale = 1 / Double(n).squareRoot()
    let (a, b) = (
      Tensor.randomNormal([7, n, n], deviation: scale, dtype: dtype, using: &generator),
      Tensor.randomNormal([7, n, n], deviation: scale, dtype: dtype, using: &generator)
    )
    let (detA, detB, both) = (determinant(a), determinant(b), determinant(matmul(a, b)))
    let allowed = dtype == .float32 ? 1e-3 : 1e-10
    try expectClose(both, detA * detB, relative: allowed, absolute: 0)
    // The logarithm and its sign say the same, and transposition changes nothing.
    let (sign, logAbs) = logDeterminant(a)
    try expectClose(sign * exp(logAbs), detA, relative: allowed, absolute: 0)
    try expectClose(determinant(a.transposed()), detA, relative: allowed, absolute: 0)
  }

  @Test func `exchanging two rows changes the sign`() {
    var generator = RandomGenerator(seed: 1)
    for n in [2, 3, 8, 9, 20, 70] {
      let a = Tensor.randomNormal([n, n], dtype: .float64, using: &generator)
      var order = Array(0..<n)
      order.swapAt(0, n - 1)
      let exchanged = a.gathered(at: Tensor(scalars: order.map(Int64.init), shape: [n]))
      let (before, after) = (logDeterminant(a), logDeterminant(exchanged))
      #expect(before.sign == -after.sign)
      #expect(abs(before.logAbs - after.logAbs).item() < 1e-12)
    }
  }

  @Test func `determinants beyond the range have logarithms`() throws {
    let a = 1e-3 * Tensor.identity(200, dtype: .float64)
    #expect(determinant(a).item() == 0)
    let result = logDeterminant(a)
    try expectClose(result.logAbs, Tensor.full([], -200 * 6.907755278982137, dtype: .float64))
    #expect(result.sign.item() == 1)
    // On the way to this 1, the product passes by 1e-600.
    let mixed = Tensor((0..<400).map { $0 < 200 ? 1e-3 : 1e3 }).cast(to: .float64)
    let balanced =
      Tensor.identity(400, dtype: .float64)
      * Tensor(
        (0..<400).map { $0 < 200 ? 1e-3 : 1e3 }, dtype: .float64)
    #expect(mixed.count == 400)
    try expectClose(determinant(balanced), Tensor.ones([], dtype: .float64), relative: 1e-12)
  }

  @Test func `empty matrices`() {
    let empty = Tensor.zeros([3, 0, 0], dtype: .float64)
    #expect(determinant(empty) == Tensor.ones([3], dtype: .float64))
    #expect(logDeterminant(empty).logAbs == Tensor.zeros([3], dtype: .float64))
    #expect(inverse(empty).shape == [3, 0, 0])
    #expect(solve(empty, Tensor.zeros([0, 2], dtype: .float64)).shape == [3, 0, 2])
    #expect(leastSquares(Tensor.zeros([4, 0]), Tensor.ones([4])).shape == [0])
    #expect(determinant(Tensor.zeros([0, 3, 3])).shape == [0])
  }

  @Test(arguments: [(5, 5), (9, 4), (4, 9), (40, 33), (33, 40)], FactorTests.dtypes)
  func `least squares leave a residual across the columns, and the shortest solution`(
    size: (Int, Int), dtype: DType
  ) throws {
    var generator = RandomGenerator(seed: 2)
    let (m, n) = size
    let a = Tensor.randomNormal([2, m, n], dtype: dtype, using: &generator)
    let b = Tensor.randomNormal([m, 3], dtype: dtype, using: &generator)
    let x = leastSquares(a, b)
    #expect(x.shape == [2, n, 3])
    let allowed = dtype == .float32 ? 1e-3 : 1e-11
    let residual = matmul(a, x) - b
    let zeros = Tensor.zeros([2, n, 3], dtype: dtype)
    try expectClose(matmul(a.transposed(), residual), zeros, absolute: allowed)
    if m <= n {
      // The solution lies in the span of the rows.
      let gram = matmul(a, a.transposed())
      let shortest = matmul(a.transposed(), solve(gram, matmul(a, x)))
      try expectClose(x, shortest, relative: 0, absolute: 10 * allowed)
    }
    let vector = leastSquares(a, b.narrowed(-1, from: 1, count: 1).flattened())
    try expectClose(vector, x.narrowed(-1, from: 1, count: 1).squeezed(-1), absolute: allowed)
  }

  @Test func `integers are taken as float32`() throws {
    let a = Tensor([[2, 1], [1, 1]]).cast(to: .int64)
    #expect(inverse(a) == Tensor([[1, -1], [-1, 2]]))
    #expect(solve(a, Tensor([3, 2]).cast(to: .float64)).dtype == .float64)
  }
}
