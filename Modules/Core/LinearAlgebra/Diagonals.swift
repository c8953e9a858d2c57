/// The sum of the diagonal of matrices.
///
/// ```
/// Tr A = Σᵢ aᵢᵢ
/// ```
///
/// - Parameter a: […, m, n], of any type; the diagonal of a matrix that is not square is its first
///   min(m, n) elements.
/// - Returns: […]; integers sum as `int64`.
///
/// The derivative is Ā = t̄ 1.
public func trace(_ a: Tensor) -> Tensor {
  require(a.rank >= 2, "trace: shape \(a.shape) is no matrix")
  return a.diagonal().sum(along: -1)
}

/// A diagonal of matrices, as a view.
///
/// - Parameters:
///   - a: […, m, n].
///   - offset: How far right of the main diagonal (left, if negative) it begins; the default is 0.
/// - Returns: […, length]; empty where there is no such diagonal.
public func diagonal(_ a: Tensor, offset: Int = 0) -> Tensor {
  require(a.rank >= 2, "diagonal: shape \(a.shape) is no matrix")
  let axis = offset < 0 ? a.rank - 2 : a.rank - 1
  let start = min(abs(offset), a.shape[axis])
  return a.narrowed(axis, from: start, count: a.shape[axis] - start).diagonal()
}

/// Matrices with given diagonals and zeros elsewhere.
///
/// - Parameters:
///   - x: […, n]: the diagonals.
///   - offset: How far right of the main diagonal (left, if negative) they go; the default is 0.
/// - Returns: […, n + |offset|, n + |offset|].
///
/// The derivative is the diagonal of the upstream gradient.
public func diagonalMatrix(_ x: Tensor, offset: Int = 0) -> Tensor {
  require(x.rank >= 1, "diagonalMatrix: a scalar is no diagonal; use a vector of one element")
  let isDiagonal = Tensor.identity(x.shape[x.rank - 1], dtype: .bool)
  let square = select(isDiagonal, x.expandingShape(at: -1), Tensor.zeros([], dtype: x.dtype))
  if offset == 0 { return square }
  var widths = [(before: Int, after: Int)](repeating: (0, 0), count: square.rank)
  let (right, down) = (max(offset, 0), max(-offset, 0))
  widths[square.rank - 1] = (right, down)
  widths[square.rank - 2] = (down, right)
  return square.padded(widths)
}

/// The elements of matrices on and below a diagonal, zeros above it.
///
/// - Parameters:
///   - a: […, m, n], of any type.
///   - offset: How far right of the main diagonal (left, if negative) the last diagonal kept is;
///     the default is 0.
public func lowerTriangle(_ a: Tensor, offset: Int = 0) -> Tensor {
  let distance = distances(a, in: "lowerTriangle")
  return select(distance .<= Double(offset), a, Tensor.zeros([], dtype: a.dtype))
}

/// The elements of matrices on and above a diagonal, zeros below it.
///
/// - Parameters:
///   - a: […, m, n], of any type.
///   - offset: How far right of the main diagonal (left, if negative) the first diagonal kept is;
///     the default is 0.
public func upperTriangle(_ a: Tensor, offset: Int = 0) -> Tensor {
  let distance = distances(a, in: "upperTriangle")
  return select(distance .>= Double(offset), a, Tensor.zeros([], dtype: a.dtype))
}

/// How far right of the main diagonal each element is, [m, n].
private func distances(_ a: Tensor, in operation: StaticString) -> Tensor {
  require(a.rank >= 2, "\(operation): shape \(a.shape) is no matrix")
  let rows = Tensor.range(0..<a.shape[a.rank - 2]).expandingShape(at: 1)
  return Tensor.range(0..<a.shape[a.rank - 1]) - rows
}
