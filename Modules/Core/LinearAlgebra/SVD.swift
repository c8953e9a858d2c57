/// The singular value decomposition of matrices.
///
/// ```
/// A = U diag(σ) Vᵀ,  UᵀU = 1,  VᵀV = 1,  σ₁ ≥ σ₂ ≥ … ≥ 0
/// ```
///
/// ```swift
/// let (u, sigma, v) = svd(a)
/// let again = matmul(u * sigma.expandingShape(at: -2), v.transposed())   // a, up to rounding
/// ```
///
/// - Parameters:
///   - a: […, m, n].
///   - full: Whether U and V are square. The default is `false`: they have min(m, n) columns.
/// - Returns: U, […, m, k], σ, […, k], and V (not Vᵀ), […, n, k], with k = min(m, n); when `full`,
///   U is […, m, m] and V […, n, n]. The signs of pairs of vectors are arbitrary, and so are the
///   bases of repeated values and of what a full decomposition adds. For a matrix that is not
///   finite, all are NaN; ``svd(checking:full:)`` throws instead.
/// - Complexity: About 20n³ floating-point operations for a square matrix: reflections to
///   bidiagonal form, blocked, then implicit QR steps (Golub and Kahan 1965, Demmel and Kahan
///   1990). Matrices at least twice as long as wide, either way, are brought to a square by QR
///   factors first.
///
/// With Fᵢⱼ = 1/(σⱼ² − σᵢ²) the derivative is Ā = U (diag(σ̄) + (F ∘ skew(UᵀŪ)) Σ +
/// Σ (F ∘ skew(VᵀV̄))) Vᵀ + (1 − UUᵀ) Ū Σ⁻¹ Vᵀ + U Σ⁻¹ V̄ᵀ (1 − VVᵀ), skew(X) = X − Xᵀ (Townsend
/// 2016). That of the vectors is not defined at repeated values and at 0: pairs that are equal to
/// the last bit, and zeros, contribute 0; nearly equal ones contribute large numbers. Of the
/// columns that a full decomposition adds, the gradient is right for all that does not depend on
/// their choice.
public func svd(_ a: Tensor, full: Bool = false) -> (left: Tensor, values: Tensor, right: Tensor) {
  SingularDecomposition(matrices(a, in: "svd"), full: full).recorded
}

/// As ``svd(_:full:)``.
///
/// - Throws: ``SpectralError`` for the first matrix that is not finite or does not converge.
public func svd(
  checking a: Tensor, full: Bool = false
) throws(SpectralError) -> (left: Tensor, values: Tensor, right: Tensor) {
  let result = SingularDecomposition(matrices(a, in: "svd"), full: full)
  try result.convergence.check("svd")
  return result.recorded
}
