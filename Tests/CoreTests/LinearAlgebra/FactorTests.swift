import Core
import LayerTesting
import Testing

/// What factors are, put together again, over sizes, types, batches and layouts.
@Suite struct FactorTests {
  static let dtypes = [DType.float32, .float64]

  /// Shapes of square matrices: each size alone, small ones in batches.
  static func shapes(_ n: Int) -> [Shape] {
    n > 20 ? [[n, n]] : [[n, n], [2, 3, n, n], [0, n, n]]
  }

  @Test(arguments: matrixSizes, dtypes)
  func `L times its transpose is the matrix`(n: Int, dtype: DType) throws {
    for (seed, shape) in Self.shapes(n).enumerated() {
      var generator = RandomGenerator(seed: UInt64(seed + n))
      let a = RandomMatrix.positiveDefinite(shape, dtype, using: &generator)
      let l = cholesky(arranged(a, UInt64(seed + n), using: &generator))
      #expect(l.dtype == dtype && l.isContiguous)
      #expect(l == l.lowerPart())
      #expect((l.diagonal() .> 0).all())
      let allowed = tolerance(dtype, n)
      try expectClose(
        matmul(l, l.transposed()), a, relative: allowed, absolute: allowed, "\(shape)")
    }
  }

  @Test func `cholesky reads the lower triangle only`() throws {
    var generator = RandomGenerator(seed: 4)
    let a = RandomMatrix.positiveDefinite([70, 70], .float64, using: &generator)
    let above = Tensor.ones(like: a) - Tensor.ones(like: a).lowerPart()
    #expect(cholesky(a) == cholesky(select(above .> 0, above * .nan, a)))
  }

  @Test(arguments: matrixSizes, dtypes)
  func `P times L times U is the matrix`(n: Int, dtype: DType) throws {
    for (seed, (rows, columns)) in [(n, n), (n + 5, n), (n, n + 7), (2 * n + 1, n)].enumerated() {
      var generator = RandomGenerator(seed: UInt64(seed + n))
      let batch = n > 20 ? [] : [3]
      let a = Tensor.randomNormal(Shape(batch + [rows, columns]), dtype: dtype, using: &generator)
      let factors = lu(arranged(a, UInt64(seed + n), using: &generator))
      let size = min(rows, columns)
      #expect(factors.lower.shape == Shape(batch + [rows, size]))
      #expect(factors.upper.shape == Shape(batch + [size, columns]))
      #expect(factors.lower == factors.lower.lowerPart())
      #expect(factors.upper.transposed() == factors.upper.transposed().lowerPart())
      #expect((factors.lower.diagonal() .== 1).all())
      // No multiplier is greater than 1: the pivots are the greatest.
      #expect((abs(factors.lower) .<= 1).all())
      let allowed = tolerance(dtype, n)
      let product = matmul(factors.permutationMatrix, matmul(factors.lower, factors.upper))
      try expectClose(product, a, relative: allowed, absolute: allowed, "\(a.shape)")
    }
  }

  @Test(arguments: matrixSizes, dtypes)
  func `Q times R is the matrix and Q has orthonormal columns`(n: Int, dtype: DType) throws {
    for (seed, (rows, columns)) in [(n, n), (n + 5, n), (n, n + 7), (2 * n + 1, n)].enumerated() {
      var generator = RandomGenerator(seed: UInt64(seed + n))
      let batch = n > 20 ? [] : [2, 1]
      let a = Tensor.randomNormal(Shape(batch + [rows, columns]), dtype: dtype, using: &generator)
      for mode in [QRMode.reduced, .complete] {
        let factors = qr(arranged(a, UInt64(seed + n), using: &generator), mode: mode)
        let size = mode == .complete ? rows : min(rows, columns)
        #expect(factors.q.shape == Shape(batch + [rows, size]))
        #expect(factors.r.shape == Shape(batch + [size, columns]))
        #expect(factors.r.transposed() == factors.r.transposed().lowerPart())
        let allowed = 2 * tolerance(dtype, n)
        try expectClose(
          matmul(factors.q, factors.r), a, relative: allowed, absolute: allowed, "\(a.shape)")
        let identity = Tensor.identity(size, dtype: dtype)
        try expectClose(
          matmul(factors.q.transposed(), factors.q),
          identity.broadcast(to: Shape(batch + [size, size])), relative: allowed,
          absolute: allowed, "\(a.shape)")
      }
    }
  }

  @Test(arguments: [1e-300, 1e-160, 1e160, 1e300])
  func `reflections neither overflow nor underflow`(scale: Double) throws {
    var generator = RandomGenerator(seed: 8)
    let a = Tensor.randomNormal([40, 9], dtype: .float64, using: &generator)
    let (plain, scaled) = (qr(a), qr(a * scale))
    try expectClose(scaled.q, plain.q, relative: 1e-10, absolute: 1e-12)
    try expectClose(scaled.r / scale, plain.r, relative: 1e-10, absolute: 1e-12)
  }

  @Test func `zero columns and rank-deficient matrices have QR factors`() throws {
    for a in [Tensor.zeros([5, 3], dtype: .float64), Tensor.ones([3, 3], dtype: .float64)] {
      let factors = qr(a)
      try expectClose(matmul(factors.q, factors.r), a, absolute: 1e-14)
      try expectClose(
        matmul(factors.q.transposed(), factors.q), .identity(3, dtype: .float64), absolute: 1e-14)
    }
  }
}

extension Tensor {
  /// The elements on and below the diagonal, index by index.
  func lowerPart() -> Tensor {
    let rows = Tensor.range(0..<shape[rank - 2]).expandingShape(at: 1)
    let columns = Tensor.range(0..<shape[rank - 1])
    return select(rows .>= columns, self, Tensor.zeros([], dtype: dtype))
  }
}
