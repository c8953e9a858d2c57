internal import Kernels

/// The factors of matrices A = P L U.
///
/// ```
/// A[permutation] = L U
/// ```
public struct LUFactors: Sendable {
  /// […, m] of `int64`: row i of L U is row `permutation[…, i]` of A.
  public let permutation: Tensor
  /// L, […, m, k] with k = min(m, n): lower triangular with ones on its diagonal.
  public let lower: Tensor
  /// U, […, k, n]: upper triangular.
  public let upper: Tensor

  /// P, […, m, m] in the type of the factors: A = P L U.
  public var permutationMatrix: Tensor {
    let rows = Tensor.range(0..<permutation.shape[permutation.rank - 1]).expandingShape(at: 1)
    return (rows .== permutation.expandingShape(at: -2)).cast(to: lower.dtype)
  }
}

/// The LU factors of matrices, with row exchanges: each pivot is the greatest of its column in
/// absolute value.
///
/// ```
/// A = P L U
/// ```
///
/// - Parameter a: […, m, n].
/// - Returns: P as a permutation, L of shape […, m, k] and U of shape […, k, n], k = min(m, n). They
///   exist for every matrix; where U has a zero on its diagonal, derivatives are not finite, and
///   ``lu(checking:)`` throws.
/// - Complexity: 2n³/3 floating-point operations for square matrices.
///
/// For square matrices the derivative is
/// Ā = P L⁻ᵀ (tril₋₁(Lᵀ L̄) + triu(Ū Uᵀ)) U⁻ᵀ, tril₋₁ being the part below the diagonal; rows or
/// columns past the square follow from L₂ = A₂ U⁻¹ and U₂ = L⁻¹ A₂. The permutation is piecewise
/// constant ([de Hoog, Anderssen and Lukas 2011](https://doi.org/10.1016/j.laa.2011.02.043)).
public func lu(_ a: Tensor) -> LUFactors { factored(matrices(a, in: "lu"), nil) }

/// As ``lu(_:)``.
///
/// - Throws: ``LinearAlgebraError`` for the first matrix whose U has a zero (or NaN) on its diagonal.
public func lu(checking a: Tensor) throws(LinearAlgebraError) -> LUFactors {
  let a = matrices(a, in: "lu")
  return try checking("lu", .singular, batch: a.batchShape) { factored(a, $0) }
}

private func factored(_ a: Tensor, _ breakdowns: Breakdowns?) -> LUFactors {
  let compact = CompactLU(a, breakdowns)
  var both = compact.factors
  if a.isTracked {
    let saved = Saved(both)
    let permutation = compact.permutation
    both = both.recorded(from: a) { upstream, node in
      let gradient = compactPullback(saved.restored(node), upstream)
      // Row i of the gradient belongs to row permutation[i] of A.
      let order = permutation.argsort().expandingShape(at: -1).broadcast(to: gradient.shape)
      return gradient.takenAlong(order, axis: -2)
    }
  }
  let size = min(a.rowCount, a.columnCount)
  let lower = triangle(.lower, of: both.narrowed(-1, from: 0, count: size), diagonal: 0)
  let ones = Tensor.identity(a.rowCount, dtype: a.dtype).narrowed(-1, from: 0, count: size)
  return LUFactors(
    permutation: compact.permutation, lower: lower + ones,
    upper: triangle(.upper, of: both.narrowed(-2, from: 0, count: size)))
}

/// From both factors in one and the gradient with respect to them, that with respect to P⁻¹ A.
private func compactPullback(_ both: Tensor, _ upstream: Tensor) -> Tensor {
  let (rows, columns) = (both.rowCount, both.columnCount)
  let size = min(rows, columns)
  func square(_ x: Tensor) -> Tensor {
    x.narrowed(-1, from: 0, count: size).narrowed(-2, from: 0, count: size)
  }
  let factors = square(both)
  var (lowerBar, upperBar) = (square(upstream), square(upstream))
  var rest: Tensor?
  if columns > size {
    // U₂ = L⁻¹ A₂
    let upper = both.narrowed(-1, from: size, count: columns - size)
    let bar = upstream.narrowed(-1, from: size, count: columns - size)
    let outer = triangularSolve(factors, bar, transposed: true, unitDiagonal: true)
    lowerBar = lowerBar - matmul(outer, upper.transposed())
    rest = outer
  } else if rows > size {
    // L₂ = A₂ U⁻¹
    let lower = both.narrowed(-2, from: size, count: rows - size)
    let bar = upstream.narrowed(-2, from: size, count: rows - size)
    let outer = triangularSolve(factors, bar.transposed(), lower: false).transposed()
    upperBar = upperBar - matmul(lower.transposed(), outer)
    rest = outer
  }
  let identity = Tensor.identity(size, dtype: both.dtype)
  let lower = triangle(.lower, of: factors, diagonal: 0) + identity
  let upper = triangle(.upper, of: factors)
  let inner =
    triangle(
      .lower, of: matmul(lower.transposed(), triangle(.lower, of: lowerBar, diagonal: 0)),
      diagonal: 0)
    + triangle(.upper, of: matmul(triangle(.upper, of: upperBar), upper.transposed()))
  let left = triangularSolve(factors, inner, transposed: true, unitDiagonal: true)
  // X U⁻ᵀ = (U⁻¹ Xᵀ)ᵀ
  let gradient = triangularSolve(factors, left.transposed(), lower: false).transposed()
  guard let rest else { return gradient }
  return concatenated([gradient, rest], along: columns > size ? -1 : -2)
}
