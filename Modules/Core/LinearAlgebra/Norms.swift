/// The p-norm of vectors: of all elements, or along one axis.
///
/// ```
/// ‖x‖ₚ = (Σ |xᵢ|ᵖ)^(1/p),  ‖x‖_∞ = max |xᵢ|,  ‖x‖_−∞ = min |xᵢ|,  ‖x‖₀ = how many are not 0
/// ```
///
/// - Parameters:
///   - x: Any shape.
///   - p: The exponent, of either sign, infinite ones included; the default is 2. (Below 1 it is no
///     norm.)
///   - axis: The axis that vectors lie along; `nil`, the default, takes all elements as one.
///   - keepingAxis: Keep that axis, with extent 1. The default is `false`.
/// - Returns: x without the axis; 0 for vectors without elements (∞ for p < 0). Elements are
///   divided by the greatest before powers are taken, so that nothing overflows.
///
/// The gradient is taken as 0 where the norm is 0; equal extremes share it. Derivatives that |x|ᵖ has
/// not at an element that is 0 (the first for p < 1, the second for p < 2) are not finite.
public func vectorNorm(
  _ x: Tensor, _ p: Double = 2, along axis: Int? = nil, keepingAxis: Bool = false
) -> Tensor {
  require(!p.isNaN, "vectorNorm: p is NaN")
  let x = floating(x)
  guard let axis else {
    let norm = vectorNorm(x.reshaped([x.count]), p, along: 0)
    return keepingAxis ? norm.reshaped(Shape(x.shape.map { _ in 1 })) : norm
  }
  let place = x.layout.shape.resolved(axis, in: "vectorNorm")
  let norm = vectorNorm(keeping: place, x, p)
  return keepingAxis ? norm : norm.squeezed(place)
}

private func vectorNorm(keeping axis: Int, _ x: Tensor, _ p: Double) -> Tensor {
  if x.shape[axis] == 0 {
    var shape = x.shape
    shape[axis] = 1
    return Tensor.full(shape, p < 0 ? .infinity : 0, dtype: x.dtype)
  }
  let sizes = abs(x)
  switch p {
  case 0: return (x.detached .!= 0).cast(to: x.dtype).sum(along: axis, keepingAxes: true)
  case 1: return sizes.sum(along: axis, keepingAxes: true)
  case .infinity: return sizes.maximum(along: axis, keepingAxes: true)
  case -.infinity: return sizes.minimum(along: axis, keepingAxes: true)
  default: break
  }
  // ‖x‖ = m ‖x/m‖ for any constant m: with the extreme element no power overflows.
  let constants = sizes.detached
  let extreme =
    p > 0
    ? constants.maximum(along: axis, keepingAxes: true)
    : constants.minimum(along: axis, keepingAxes: true)
  let isUsable = (extreme .> 0) .&& extreme.isFinite()
  let one = Tensor.ones([], dtype: x.dtype)
  let scale = select(isUsable, extreme, one)
  // Where the norm is 0 neither powers nor root need have a slope: 1 stands in for all.
  let isZero = extreme .== 0
  let scaled = select(isZero, one, x / scale)
  let powers = p == 2 ? square(scaled) : pow(abs(scaled), p)
  let sum = powers.sum(along: axis, keepingAxes: true)
  let root = p == 2 ? sqrt(sum) : pow(sum, 1 / p)
  return select(isZero, Tensor.zeros([], dtype: x.dtype), scale * root)
}

/// Which norm of a matrix to take.
public enum MatrixNorm: Sendable, CaseIterable {
  /// √(Σ aᵢⱼ²): the Euclidean norm of the elements, and of the singular values.
  case frobenius
  /// Σ σᵢ: the sum of the singular values.
  case nuclear
  /// max σᵢ: the greatest singular value.
  case spectral
  /// maxⱼ Σᵢ |aᵢⱼ|: the greatest sum of a column.
  case one
  /// maxᵢ Σⱼ |aᵢⱼ|: the greatest sum of a row.
  case infinity
}

/// The norm of matrices.
///
/// - Parameters:
///   - a: […, m, n].
///   - norm: Which; the default is `.frobenius`.
/// - Returns: […]; 0 for matrices without elements.
///
/// The gradient of the Frobenius norm at 0 is taken as 0; for the others see
/// ``singularValues(_:)``, and equal sums share it.
public func matrixNorm(_ a: Tensor, _ norm: MatrixNorm = .frobenius) -> Tensor {
  let a = matrices(a, in: "matrixNorm")
  switch norm {
  case .frobenius:
    let elements = a.reshaped(Shape(Array(a.batchShape) + [a.rowCount * a.columnCount]))
    return vectorNorm(elements, along: -1)
  case .nuclear: return singularValues(a).sum(along: -1)
  case .spectral: return spectralNorm(a)
  case .one: return vectorNorm(abs(a).sum(along: -2), .infinity, along: -1)
  case .infinity: return vectorNorm(abs(a).sum(along: -1), .infinity, along: -1)
  }
}
