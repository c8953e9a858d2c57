internal import Kernels

/// The inverses of square matrices, by LU factors with row exchanges.
///
/// ```
/// A A⁻¹ = A⁻¹ A = 1
/// ```
///
/// To solve equations, ``solve(_:_:)`` costs a third of this and is more accurate.
///
/// - Parameter a: […, n, n].
/// - Returns: […, n, n]. The inverse of a singular matrix is ∞ everywhere (NaN where A holds a NaN);
///   ``inverse(checking:)`` throws instead. Only an exact zero among the pivots counts as singular.
/// - Complexity: 2n³ floating-point operations. Small matrices go many at once.
///
/// The derivative is Ā = −A⁻ᵀ Ȳ A⁻ᵀ.
public func inverse(_ a: Tensor) -> Tensor {
  inverted(squareMatrices(a, in: "inverse"), nil)
}

/// As ``inverse(_:)``.
///
/// - Throws: ``LinearAlgebraError`` for the first matrix that is singular, with the row at which no
///   pivot but 0 (or NaN) was left.
public func inverse(checking a: Tensor) throws(LinearAlgebraError) -> Tensor {
  let a = squareMatrices(a, in: "inverse")
  return try checking("inverse", .singular, batch: a.batchShape) { inverted(a, $0) }
}

private func inverted(_ a: Tensor, _ breakdowns: Breakdowns?) -> Tensor {
  let dense = a.detached.contiguous()
  let y = Tensor(uninitialized: a.shape, dtype: a.dtype)
  apus_inverse(
    a.dtype.kernel, a.batchShape.elementCount, a.rowCount, dense.pointer, y.pointer, breakdowns)
  extendLifetime(dense.storage)
  guard a.isTracked else { return y }
  let saved = Saved(y)
  return y.recorded(from: a) { upstream, node in
    let y = saved.restored(node).transposed()
    return -matmul(matmul(y, upstream), y)
  }
}
