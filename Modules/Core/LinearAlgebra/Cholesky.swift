internal import Kernels

/// The Cholesky factor of symmetric positive definite matrices.
///
/// ```
/// A = L Lᵀ,  L lower triangular with a positive diagonal
/// ```
///
/// - Parameter a: […, n, n]. Symmetry is taken for granted: only the lower triangle is read.
/// - Returns: L, […, n, n], zeros above the diagonal. For a matrix that is not positive definite the
///   whole lower triangle is NaN; ``cholesky(checking:)`` throws instead. The test is made on the
///   rounded numbers, so that a semidefinite matrix may fall on either side.
/// - Complexity: n³/3 floating-point operations.
///
/// The derivative is Ā = ½ (S + Sᵀ), S = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, Φ the lower triangle with its diagonal
/// halved: the symmetric gradient ([Murray 2016](https://arxiv.org/abs/1602.07527), equation 10).
public func cholesky(_ a: Tensor) -> Tensor {
  choleskyFactor(squareMatrices(a, in: "cholesky"), nil)
}

/// As ``cholesky(_:)``.
///
/// - Throws: ``LinearAlgebraError`` for the first matrix that is not positive definite, with the row
///   and the value of the pivot that is not positive.
public func cholesky(checking a: Tensor) throws(LinearAlgebraError) -> Tensor {
  let a = squareMatrices(a, in: "cholesky")
  return try checking("cholesky", .notPositiveDefinite, batch: a.batchShape) {
    choleskyFactor(a, $0)
  }
}

private func choleskyFactor(_ a: Tensor, _ breakdowns: Breakdowns?) -> Tensor {
  let dense = a.detached.contiguous()
  let l = Tensor(uninitialized: a.shape, dtype: a.dtype)
  apus_cholesky(
    a.dtype.kernel, a.batchShape.elementCount, a.rowCount, dense.pointer, l.pointer, breakdowns)
  extendLifetime(dense.storage)
  guard a.isTracked else { return l }
  let saved = Saved(l)
  return l.recorded(from: a) { upstream, node in
    guard isRecording() else { return blockwisePullback(saved.restored(nil), upstream) }
    let l = saved.restored(node)
    let inner = triangle(.lower, of: matmul(l.transposed(), upstream), diagonal: 0.5)
    let left = triangularSolve(l, inner, transposed: true)
    let both = triangularSolve(l, left.transposed(), transposed: true)
    return 0.5 * (both + both.transposed())
  }
}

/// The same in one kernel, which takes the steps of the factorisation back.
private func blockwisePullback(_ l: Tensor, _ upstream: Tensor) -> Tensor {
  let upstream = upstream.contiguous()
  let result = Tensor(uninitialized: l.shape, dtype: l.dtype)
  apus_cholesky_backward(
    l.dtype.kernel, l.batchShape.elementCount, l.rowCount, l.pointer, upstream.pointer,
    result.pointer)
  extendLifetime(l.storage)
  extendLifetime(upstream.storage)
  return result
}
