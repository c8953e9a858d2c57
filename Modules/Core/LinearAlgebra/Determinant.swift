internal import Kernels

/// The determinants of square matrices, by LU factors with row exchanges.
///
/// - Parameter a: […, n, n]. The determinant of a 0×0 matrix is 1.
/// - Returns: […]; 0 for a singular matrix. It over- or underflows where the number does, and not
///   before; ``logDeterminant(_:)`` never does.
/// - Complexity: 2n³/3 floating-point operations. Small matrices go many at once.
///
/// The derivative is Ā = d̄ cof(A), for regular matrices d̄ det(A) A⁻ᵀ. The cofactors exist for
/// singular matrices too, and so do all derivatives: where A is singular or nearly so, rows and
/// columns are permuted such that the leading block A₁₁ is regular and as large as can be, and
/// det(A) = ± det(A₁₁) det(A₂₂ − A₂₁ A₁₁⁻¹ A₁₂) is differentiated, its second factor as the polynomial
/// that it is.
public func determinant(_ a: Tensor) -> Tensor {
  let a = squareMatrices(a, in: "determinant")
  let dense = a.detached.contiguous()
  let result = Tensor(uninitialized: a.batchShape, dtype: a.dtype)
  apus_determinant(
    a.dtype.kernel, result.count, a.rowCount, dense.pointer, result.pointer, nil, nil, nil)
  extendLifetime(dense.storage)
  guard a.isTracked else { return result }
  let (savedA, saved) = (Saved(a), Saved(result))
  return result.recorded(from: a) { upstream, node in
    cofactorGradient(savedA.restored(node.first), saved.restored(node), upstream)
  }
}

/// From matrices, their determinants and the gradients with respect to these, that with respect to
/// the matrices.
private func cofactorGradient(_ a: Tensor, _ value: Tensor, _ upstream: Tensor) -> Tensor {
  let n = a.rowCount
  if a.count == 0 { return Tensor.zeros(like: a) }
  let inverses = inverse(a.detached)
  let isSingular = isNearlySingular(a.detached, inverses) .|| (value.detached .== 0)
  let scale = (upstream * value).forEachMatrix()
  guard isSingular.any() else {
    return scale * (isRecording() ? inverse(a) : inverses).transposed()
  }
  let mask = isSingular.forEachMatrix()
  let regular = select(mask, Tensor.identity(n, dtype: a.dtype), a)
  let zero = Tensor.zeros([], dtype: a.dtype)
  var gradient = select(mask, zero, scale * inverse(regular).transposed()).reshaped([-1, n, n])
  let (matrices, factors) = (a.reshaped([-1, n, n]), upstream.flattened())
  for (index, isSingular) in isSingular.scalars(as: Bool.self).enumerated() where isSingular {
    gradient[index] = vjp(at: matrices[index], singularDeterminant).pullback(factors[index])
  }
  return gradient.reshaped(a.shape)
}

/// Where det(A) A⁻ᵀ would be mostly rounding.
private func isNearlySingular(_ a: Tensor, _ inverses: Tensor) -> Tensor {
  let epsilon = a.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
  let condition = abs(a).maximum(along: -1, -2) * abs(inverses).maximum(along: -1, -2)
  return !(condition .< 1 / (16 * Double(a.rowCount) * epsilon))
}

/// The determinants of square matrices as sign and logarithm, which neither overflow nor underflow.
///
/// ```
/// det(A) = sign · e^logAbs
/// ```
///
/// - Parameter a: […, n, n].
/// - Returns: `sign`, […], is +1 or −1, and `logAbs`, […], is ln |det(A)|. For a singular matrix they
///   are 0 and −∞; ``logDeterminant(checking:)`` throws instead.
/// - Complexity: 2n³/3 floating-point operations. Small matrices go many at once.
///
/// The derivative of `logAbs` is Ā = l̄ A⁻ᵀ; that of the sign is 0.
public func logDeterminant(_ a: Tensor) -> (sign: Tensor, logAbs: Tensor) {
  signedLogarithm(squareMatrices(a, in: "logDeterminant"), nil)
}

/// As ``logDeterminant(_:)``.
///
/// - Throws: ``LinearAlgebraError`` for the first matrix that is singular.
public func logDeterminant(
  checking a: Tensor
) throws(LinearAlgebraError) -> (sign: Tensor, logAbs: Tensor) {
  let a = squareMatrices(a, in: "logDeterminant")
  return try checking("logDeterminant", .singular, batch: a.batchShape) {
    signedLogarithm(a, $0)
  }
}

private func signedLogarithm(
  _ a: Tensor, _ breakdowns: Breakdowns?
) -> (sign: Tensor, logAbs: Tensor) {
  let sign = Tensor(uninitialized: a.batchShape, dtype: a.dtype)
  let logAbs = Tensor(uninitialized: a.batchShape, dtype: a.dtype)
  // The factors of large matrices serve the derivative; small ones are quickest from the start.
  if a.isTracked, a.rowCount > 16 {
    let factors = CompactLU(a, breakdowns)
    factors.determinant(sign: sign, logAbs: logAbs)
    let saved = Saved(a)
    let recorded = logAbs.recorded(from: a) { upstream, node in
      let inverse =
        isRecording() ? inverse(saved.restored(node.first)) : factors.inverse()
      return upstream.forEachMatrix() * inverse.transposed()
    }
    return (sign, recorded)
  }
  let dense = a.detached.contiguous()
  apus_determinant(
    a.dtype.kernel, sign.count, a.rowCount, dense.pointer, nil, sign.pointer, logAbs.pointer,
    breakdowns)
  extendLifetime(dense.storage)
  guard a.isTracked else { return (sign, logAbs) }
  let saved = Saved(a)
  let recorded = logAbs.recorded(from: a) { upstream, node in
    upstream.forEachMatrix() * inverse(saved.restored(node.first)).transposed()
  }
  return (sign, recorded)
}
