internal import Kernels

/// The LU factors of square matrices as kernels pass them on: both in one matrix, L's unit diagonal
/// left out. Nothing here is recorded.
struct CompactLU: Sendable {
  let factors: Tensor
  /// Row i of L U is row `permutation[…, i]` of the matrix.
  let permutation: Tensor

  init(_ a: Tensor, _ breakdowns: Breakdowns?) {
    let dense = a.detached.contiguous()
    let batch = a.batchShape
    factors = Tensor(uninitialized: a.shape, dtype: a.dtype)
    permutation = Tensor(uninitialized: Shape(Array(batch) + [a.rowCount]), dtype: .int64)
    apus_lu(
      a.dtype.kernel, batch.elementCount, a.rowCount, a.columnCount, dense.pointer,
      factors.pointer, permutation.pointer.assumingMemoryBound(to: Int64.self), breakdowns)
    extendLifetime(dense.storage)
  }

  /// A⁻¹ B, or A⁻ᵀ B.
  func solve(_ b: Tensor, transposed: Bool = false) -> Tensor {
    let batch = commonBatch(factors, b, in: "solve")
    let x = b.detached.broadcast(to: Shape(Array(batch) + [b.rowCount, b.columnCount])).copied()
    sources(of: factors.batchShape, in: batch).withIndices { which in
      apus_lu_solve(
        x.dtype.kernel, batch.elementCount, x.rowCount, x.columnCount, factors.pointer, indices,
        which, transposed, x.pointer)
    }
    extendLifetime(factors.storage)
    extendLifetime(permutation.storage)
    return x
  }

  func inverse() -> Tensor {
    let result = Tensor(uninitialized: factors.shape, dtype: factors.dtype)
    apus_lu_inverse(
      result.dtype.kernel, result.batchShape.elementCount, result.rowCount, factors.pointer,
      indices, result.pointer)
    extendLifetime(factors.storage)
    extendLifetime(permutation.storage)
    return result
  }

  /// Writes the sign of the determinant and the logarithm of its absolute value.
  func determinant(sign: Tensor, logAbs: Tensor) {
    apus_lu_determinant(
      factors.dtype.kernel, sign.count, factors.rowCount, factors.pointer, indices, nil,
      sign.pointer, logAbs.pointer)
    extendLifetime(factors.storage)
    extendLifetime(permutation.storage)
  }

  private var indices: UnsafePointer<Int64> {
    UnsafePointer(permutation.pointer.assumingMemoryBound(to: Int64.self))
  }
}
