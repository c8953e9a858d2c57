/// The singular values of matrices, descending.
///
/// - Parameter a: […, m, n].
/// - Returns: […, min(m, n)], not negative; NaN for a matrix that is not finite, for which
///   ``singularValues(checking:)`` throws instead.
/// - Complexity: About 4mn² − 4n³/3 floating-point operations for m ≥ n, much less than with
///   vectors. Inside a derivative the vectors are computed all the same.
///
/// The derivative is Ā = U diag(σ̄) Vᵀ, right at repeated values too as long as the function
/// depends on the repeated ones evenly; at σ = 0, where |σ| has a kink, it is one of the
/// subgradients.
public func singularValues(_ a: Tensor) -> Tensor {
  let a = matrices(a, in: "singularValues")
  return SingularDecomposition(a, withVectors: a.isTracked).recordedValues
}

/// As ``singularValues(_:)``.
///
/// - Throws: ``SpectralError`` for the first matrix that is not finite or does not converge.
public func singularValues(checking a: Tensor) throws(SpectralError) -> Tensor {
  let a = matrices(a, in: "singularValues")
  let result = SingularDecomposition(a, withVectors: a.isTracked)
  try result.convergence.check("singularValues")
  return result.recordedValues
}

/// The greatest singular value: the norm of matrices as maps between Euclidean spaces.
///
/// ```
/// ‖A‖₂ = max ‖A x‖ / ‖x‖
/// ```
///
/// - Parameter a: […, m, n].
/// - Returns: […]; 0 for a matrix without elements, NaN for one that is not finite.
///
/// The derivative is u₁v₁ᵀ, of one of the greatest if there are several.
public func spectralNorm(_ a: Tensor) -> Tensor {
  let values = singularValues(a)
  guard values.shape[values.rank - 1] > 0 else {
    return Tensor.zeros(Shape(values.shape.dropLast()), dtype: values.dtype)
  }
  return values[.ellipsis, 0]
}

/// The number of singular values that are not negligible.
///
/// - Parameters:
///   - a: […, m, n].
///   - relativeTolerance: Values up to this times the greatest count as 0. The default is
///     max(m, n) times the unit roundoff of the type, 2⁻²³ or 2⁻⁵².
/// - Returns: […], `int64`. A matrix that is not finite has rank 0.
public func matrixRank(_ a: Tensor, relativeTolerance: Double? = nil) -> Tensor {
  let a = matrices(a, in: "matrixRank").detached
  let values = singularValues(a)
  let greatest = spectralNorm(a).expandingShape(at: -1)
  return (values .> greatest * (relativeTolerance ?? a.negligibleRatio)).sum(along: -1)
}

/// The ratio of the greatest and the least singular value: how much a relative error of b can grow
/// in the solution of A x = b.
///
/// - Parameter a: […, m, n], with at least one row and column.
/// - Returns: […], 1 at least; ∞ where the least is 0. Differentiable.
public func conditionNumber(_ a: Tensor) -> Tensor {
  let values = singularValues(a)
  require(
    values.shape[values.rank - 1] > 0, "conditionNumber: shape \(a.shape) has no singular values")
  return values[.ellipsis, 0] / values[.ellipsis, -1]
}

extension Tensor {
  /// The share of the greatest singular value up to which others are rounding errors.
  var negligibleRatio: Double {
    let epsilon = dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
    return Double(max(rowCount, columnCount)) * epsilon
  }
}
