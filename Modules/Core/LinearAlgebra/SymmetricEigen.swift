internal import Kernels

/// The eigenvalues and eigenvectors of symmetric matrices.
///
/// ```
/// A = V diag(λ) Vᵀ,  VᵀV = 1,  λ₁ ≤ λ₂ ≤ …
/// ```
///
/// - Parameter a: […, n, n]. A matrix that is not symmetric is taken as ½ (A + Aᵀ), so that
///   gradients are symmetric and agree with finite differences in every element.
/// - Returns: The eigenvalues λ, […, n], ascending, and V, […, n, n], whose column i belongs to λᵢ.
///   The sign of a vector is arbitrary, and so is the basis that is given of the space of a
///   repeated eigenvalue. For a matrix that is not finite, all are NaN;
///   ``symmetricEigen(checking:)`` throws instead.
/// - Complexity: About 9n³ floating-point operations: reflections to tridiagonal form, blocked,
///   then implicit QR steps; Jacobi's method up to four rows.
///
/// The derivatives are V diag(λ̄) Vᵀ for the values and the symmetric part of V (F ∘ VᵀV̄) Vᵀ with
/// Fᵢⱼ = 1/(λⱼ − λᵢ) for the vectors. Those of the values are right at repeated eigenvalues too, as
/// long as the function depends on the repeated ones evenly. Those of the vectors are not defined
/// there: pairs that are equal to the last bit contribute 0, nearly equal ones large numbers.
public func symmetricEigen(_ a: Tensor) -> (values: Tensor, vectors: Tensor) {
  SymmetricDecomposition(squareMatrices(a, in: "symmetricEigen")).recorded
}

/// As ``symmetricEigen(_:)``.
///
/// - Throws: ``SpectralError`` for the first matrix that is not finite or does not converge.
public func symmetricEigen(
  checking a: Tensor
) throws(SpectralError) -> (values: Tensor, vectors: Tensor) {
  let result = SymmetricDecomposition(squareMatrices(a, in: "symmetricEigen"))
  try result.convergence.check("symmetricEigen")
  return result.recorded
}

/// The eigenvalues of symmetric matrices, ascending.
///
/// - Parameter a: […, n, n]. A matrix that is not symmetric is taken as ½ (A + Aᵀ).
/// - Returns: […, n]; NaN for a matrix that is not finite.
/// - Complexity: About 4n³/3 floating-point operations, much less than with vectors. Inside a
///   derivative the vectors are computed all the same.
///
/// The derivative is Ā = V diag(λ̄) Vᵀ; see ``symmetricEigen(_:)``.
public func symmetricEigenvalues(_ a: Tensor) -> Tensor {
  let a = squareMatrices(a, in: "symmetricEigenvalues")
  return SymmetricDecomposition(a, withVectors: a.isTracked).recordedValues
}

/// As ``symmetricEigenvalues(_:)``.
///
/// - Throws: ``SpectralError`` for the first matrix that is not finite or does not converge.
public func symmetricEigenvalues(checking a: Tensor) throws(SpectralError) -> Tensor {
  let a = squareMatrices(a, in: "symmetricEigenvalues")
  let result = SymmetricDecomposition(a, withVectors: a.isTracked)
  try result.convergence.check("symmetricEigenvalues")
  return result.recordedValues
}

/// What the kernel gives, and how it is recorded.
private struct SymmetricDecomposition {
  let a, values: Tensor
  let vectors: Tensor?
  var convergence: Convergence

  init(_ a: Tensor, withVectors: Bool = true) {
    let dense = a.detached.contiguous()
    let values = Tensor(uninitialized: Shape(a.shape.dropLast()), dtype: a.dtype)
    let vectors = withVectors ? Tensor(uninitialized: a.shape, dtype: a.dtype) : nil
    convergence = Convergence(batch: a.batchShape)
    convergence.report {
      apus_symmetric_eigen(
        a.dtype.kernel, a.batchShape.elementCount, a.rowCount, dense.pointer, values.pointer,
        vectors?.pointer, $0)
    }
    extendLifetime(dense.storage)
    self.a = a
    self.values = values
    self.vectors = vectors
  }

  var recorded: (values: Tensor, vectors: Tensor) {
    guard a.isTracked, let vectors else { return (values, vectors.unsafelyUnwrapped) }
    let joined = join(vectors)
    return (recordedValues(joined), joined.narrowed(-2, from: 0, count: a.rowCount))
  }

  var recordedValues: Tensor {
    guard a.isTracked, let vectors else { return values }
    return recordedValues(join(vectors))
  }

  /// V and below it λ as one result, so that one pull-back sees the gradients of both, and finds
  /// both with their history.
  private func join(_ vectors: Tensor) -> Tensor {
    let joined = concatenated([vectors, values.expandingShape(at: -2)], along: -2)
    let saved = Saved(joined)
    return joined.recorded(from: a) { upstream, node in
      let (v, values) = split(saved.restored(node))
      let (vBar, valuesBar) = split(upstream)
      let isDiagonal = Tensor.identity(v.rowCount, dtype: .bool)
      let differences = values - values.transposed()
      let turned = quotient(matmul(v.transposed(), vBar), by: differences)
      let gradient = matmul(matmul(v, select(isDiagonal, valuesBar, turned)), v.transposed())
      return 0.5 * (gradient + gradient.transposed())
    }
  }

  /// The values with a derivative of their own, which does without that of the vectors.
  private func recordedValues(_ joined: Tensor) -> Tensor {
    let saved = Saved(joined)
    return values.recorded(from: a, joined) { upstream, node, _ in
      let v = split(saved.restored(node.second)).vectors
      return Cotangents(matmul(v * upstream.expandingShape(at: -2), v.transposed()))
    }
  }
}

/// V, and λ as a row.
private func split(_ joined: Tensor) -> (vectors: Tensor, values: Tensor) {
  let n = joined.columnCount
  return (joined.narrowed(-2, from: 0, count: n), joined.narrowed(-2, from: n, count: 1))
}

/// x / divisor, and 0 where the divisor is 0.
func quotient(_ x: Tensor, by divisor: Tensor) -> Tensor {
  let isZero = divisor.detached .== 0
  let zero = Tensor.zeros([], dtype: x.dtype)
  return select(isZero, zero, x / select(isZero, Tensor.ones([], dtype: x.dtype), divisor))
}
