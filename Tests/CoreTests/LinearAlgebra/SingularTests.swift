import Core
import LayerTesting
import Testing

/// What becomes of matrices that an operation is not defined for.
@Suite struct SingularTests {
  /// Of rank 2; elimination is exact in floating point.
  static let singular = Tensor([[2, 4, 2], [4, 8, 4], [1, 0, 1]]).cast(to: .float64)
  static let regular = Tensor.identity(3, dtype: .float64) * 2

  @Test(arguments: [3, 8, 20, 70], FactorTests.dtypes)
  func `plain forms give the documented results`(n: Int, dtype: DType) throws {
    let one = Tensor.identity(n, dtype: dtype)
    var hole = one
    hole[n - 1, n - 1] = Tensor(0)
    let batch = stacked([one, hole, 2 * one])
    let infinite = Tensor.full([n, n], .infinity, dtype: dtype)

    let inverses = inverse(batch)
    #expect(inverses[0] == one && inverses[1] == infinite && inverses[2] == 0.5 * one)
    let solutions = solve(batch, one)
    #expect(solutions[0] == one && solutions[1] == infinite && solutions[2] == 0.5 * one)
    #expect(determinant(batch)[1].item() == 0)
    let logarithm = logDeterminant(batch)
    #expect(logarithm.sign.scalars(as: Double.self) == [1, 0, 1])
    #expect(logarithm.logAbs[1].item() == -.infinity)

    var indefinite = one
    indefinite[n - 2, n - 2] = Tensor(-1)
    let factors = cholesky(stacked([one, indefinite]))
    #expect(factors[0] == one)
    #expect(factors[1].isNaN() == Tensor.ones([n, n]).lowerPart().cast(to: .bool))
  }

  @Test func `errors name the operation, the matrix, the row and the pivot`() throws {
    let one = Tensor.identity(3, dtype: .float64)
    let batch = stacked([one, one, Self.singular, Self.singular]).reshaped([2, 2, 3, 3])
    let expected = { (name: String) in
      LinearAlgebraError(
        operation: name, reason: .singular, batchIndex: [1, 0], row: 2, value: 0)
    }
    #expect(throws: expected("inverse")) { try inverse(checking: batch) }
    #expect(throws: expected("solve")) { try solve(checking: batch, one) }
    #expect(throws: expected("lu")) { try lu(checking: batch) }
    #expect(throws: expected("logDeterminant")) { try logDeterminant(checking: batch) }

    let triangles = stacked([one, one * Tensor([1, 0, 1]).cast(to: .float64)])
    #expect(
      throws: LinearAlgebraError(
        operation: "triangularSolve", reason: .singular, batchIndex: [1], row: 1, value: 0)
    ) { try triangularSolve(checking: triangles, one) }
    #expect(try triangularSolve(checking: triangles, one, unitDiagonal: true).shape == [2, 3, 3])

    let indefinite = Tensor([[4, 2], [2, 0]]).cast(to: .float64)
    let error = #expect(throws: LinearAlgebraError.self) { try cholesky(checking: indefinite) }
    #expect(
      error?.description
        == "cholesky: the matrix is not positive definite: the pivot of row 1 is -1.0")

    let deficient = Tensor([[1, 1], [1, 1], [1, 1]])
    let rank = #expect(throws: LinearAlgebraError.self) {
      try leastSquares(checking: deficient, Tensor([1, 2, 3]))
    }
    #expect(rank?.reason == .rankDeficient && rank?.row == 1)
  }

  @Test func `the checking forms give the plain results`() throws {
    var generator = RandomGenerator(seed: 5)
    let a = RandomMatrix.positiveDefinite([2, 9, 9], .float64, using: &generator)
    let b = Tensor.randomNormal([9, 2], dtype: .float64, using: &generator)
    #expect(try cholesky(checking: a) == cholesky(a))
    #expect(try inverse(checking: a) == inverse(a))
    #expect(try solve(checking: a, b) == solve(a, b))
    #expect(try lu(checking: a).upper == lu(a).upper)
    #expect(try logDeterminant(checking: a).logAbs == logDeterminant(a).logAbs)
    #expect(try leastSquares(checking: a, b) == leastSquares(a, b))
    #expect(try triangularSolve(checking: a, b) == triangularSolve(a, b))
    let derivative = try gradient(at: a) { try cholesky(checking: $0).sum() }
    #expect(derivative == gradient(at: a) { cholesky($0).sum() })
  }

  @Test(arguments: [2, 8, 17, 40], [Double.nan, .infinity])
  func `what is not finite is reported, and ends`(n: Int, value: Double) {
    var a = Tensor.identity(n, dtype: .float64)
    a[n / 2, n / 2] = Tensor.full([], value, dtype: .float64)
    #expect(throws: LinearAlgebraError.self) { try cholesky(checking: a) }
    if value.isNaN {
      #expect(throws: LinearAlgebraError.self) { try inverse(checking: a) }
      #expect(inverse(a).isNaN().all())
      #expect(solve(a, Tensor.ones([n], dtype: .float64)).isNaN().all())
      #expect(determinant(a).item().isNaN)
    }
    _ = (inverse(a), lu(a), qr(a), determinant(a), logDeterminant(a))
  }

  @Test func `the gradient of a zero determinant is the matrix of cofactors`() throws {
    let cofactors = Tensor([[8, 0, -8], [-4, 0, 4], [0, 0, 0]]).cast(to: .float64)
    let found = gradient(at: Self.singular) { 3 * determinant($0) }
    try expectClose(found, 3 * cofactors, absolute: 1e-13)
    // In a batch beside regular ones.
    let batch = stacked([Self.regular, Self.singular])
    let both = gradient(at: batch) { determinant($0).sum() }
    try expectClose(both, stacked([2 * Self.regular, cofactors]), absolute: 1e-13)
    // Singular, but not to rounding.
    let nearly = Tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).cast(to: .float64)
    let expected = Tensor([[-3, 6, -3], [6, -12, 6], [-3, 6, -3]]).cast(to: .float64)
    try expectClose(gradient(at: nearly) { determinant($0) }, expected, absolute: 1e-12)
    // Of rank n - 2 there are no cofactors, but second derivatives.
    let single = Tensor([[1, 2, 3], [2, 4, 6], [3, 6, 9]]).cast(to: .float64)
    try expectClose(
      gradient(at: single) { determinant($0) }, Tensor.zeros(like: single), absolute: 1e-13)
  }

  @Test func `determinants of singular matrices have all derivatives`() throws {
    let single = Tensor([[1, 2, 3], [2, 4, 6], [3, 6, 9]]).cast(to: .float64)
    let zero = Tensor.zeros([3, 3], dtype: .float64)
    let nearly = Tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).cast(to: .float64)
    for a in [Self.singular, nearly, single, zero, stacked([Self.regular, single, Self.singular])] {
      try checkGradients(of: { determinant($0) }, at: a, order: 2)
    }
    // The third derivative of the determinant at 0, along three unit matrices, is 1.
    let axes = (0..<3).map { i in
      var e = zero
      e[i, i] = Tensor(1)
      return e
    }
    let third = jvp(at: zero, along: axes[0]) { x in
      jvp(at: x, along: axes[1]) { y in
        jvp(at: y, along: axes[2]) { determinant($0) }.tangent
      }.tangent
    }.tangent
    #expect(Swift.abs(third.item() - 1) < 1e-12)
  }
}
