/// The Moore–Penrose inverse of matrices, by singular values.
///
/// ```
/// A⁺ = V diag(1/σᵢ for σᵢ > ρσ₁, else 0) Uᵀ
/// A A⁺ A = A,  A⁺ A A⁺ = A⁺,  A A⁺ and A⁺ A symmetric
/// ```
///
/// A⁺ b is the x of least norm among those that make ‖A x − b‖ least.
///
/// - Parameters:
///   - a: […, m, n], of any rank.
///   - relativeTolerance: ρ; the default is max(m, n) times the unit roundoff of the type, 2⁻²³ or
///     2⁻⁵².
/// - Returns: […, n, m]; NaN for a matrix that is not finite, for which
///   ``pseudoInverse(checking:relativeTolerance:)`` throws instead.
///
/// The derivative is that of Golub and Pereyra (1973), which needs none of the decomposition. With
/// P = A⁺ it is Ā = −Pᵀ P̄ Pᵀ + (1 − A P) P̄ᵀ P Pᵀ + Pᵀ P P̄ᵀ (1 − P A), right while the rank does
/// not change: where it does, A⁺ jumps.
public func pseudoInverse(_ a: Tensor, relativeTolerance: Double? = nil) -> Tensor {
  let a = matrices(a, in: "pseudoInverse")
  return pseudoInverse(a, SingularDecomposition(a.detached), relativeTolerance)
}

/// As ``pseudoInverse(_:relativeTolerance:)``.
///
/// - Throws: ``SpectralError`` for the first matrix that is not finite or does not converge.
public func pseudoInverse(
  checking a: Tensor, relativeTolerance: Double? = nil
) throws(SpectralError) -> Tensor {
  let a = matrices(a, in: "pseudoInverse")
  let decomposition = SingularDecomposition(a.detached)
  try decomposition.convergence.check("pseudoInverse")
  return pseudoInverse(a, decomposition, relativeTolerance)
}

private func pseudoInverse(
  _ a: Tensor, _ decomposition: SingularDecomposition, _ relativeTolerance: Double?
) -> Tensor {
  let (u, values, v) = decomposition.recorded
  let row = values.expandingShape(at: -2)
  let least = row.narrowed(-1, from: 0, count: min(1, row.columnCount))
  // Written so that a NaN is not taken for something negligible.
  let isNegligible = row .<= least * (relativeTolerance ?? a.negligibleRatio)
  let inverted = select(isNegligible, Tensor.zeros(like: row), 1 / row)
  let result = matmul(v * inverted, u.transposed())
  guard a.isTracked else { return result }
  let (savedA, saved) = (Saved(a), Saved(result))
  return result.recorded(from: a) { upstream, node in
    let (a, p) = (savedA.restored(node.first), saved.restored(node))
    let (pT, gT) = (p.transposed(), upstream.transposed())
    // (1 − A P) P̄ᵀ P Pᵀ and Pᵀ P P̄ᵀ (1 − P A), each without a matrix larger than A.
    let left = matmul(matmul(gT, p), pT)
    let right = matmul(pT, matmul(p, gT))
    return left - matmul(a, matmul(p, left)) + right - matmul(matmul(right, p), a)
      - matmul(pT, matmul(upstream, pT))
  }
}
