/// The determinant of a matrix [n, n] that is singular or nearly so, written so that every derivative
/// of it is right.
///
/// ```
/// det(A) = ± det(A₁₁) det(S),  S = A₂₂ − A₂₁ A₁₁⁻¹ A₁₂
/// ```
///
/// after permutations that make A₁₁ regular and as large as the rank allows, but smaller than A. What is
/// left in S is next to nothing, and its determinant a polynomial.
func singularDeterminant(_ a: Tensor) -> Tensor {
  let order = PivotOrder(a)
  // Of pivots none of which is negligible, the product has underflowed: so have its derivatives.
  if order.rank == a.shape[0], determinant(a.detached).item() == 0 { return (0 * a).sum() }
  let rank = min(order.rank, a.shape[0] - 1)
  func part(_ rows: ArraySlice<Int>, _ columns: ArraySlice<Int>) -> Tensor {
    a.gathered(at: indices(rows), along: 0).gathered(at: indices(columns), along: 1)
  }
  let (rows, columns) = (order.rows, order.columns)
  let corner = part(rows[rank...], columns[rank...])
  if rank == 0 { return order.sign * polynomialDeterminant(corner) }
  let block = part(rows[..<rank], columns[..<rank])
  let across = solve(block, part(rows[..<rank], columns[rank...]))
  let rest = corner - matmul(part(rows[rank...], columns[..<rank]), across)
  return order.sign * determinant(block) * polynomialDeterminant(rest)
}

private func indices(_ positions: ArraySlice<Int>) -> Tensor {
  Tensor(scalars: positions.map(Int64.init), shape: [positions.count])
}

/// The determinant of a matrix [k, k] without divisions, by products of matrices
/// ([Bird 2011](https://doi.org/10.1016/j.ipl.2011.08.006)): 2k⁴ floating-point operations.
private func polynomialDeterminant(_ x: Tensor) -> Tensor {
  let size = x.shape[0]
  let identity = Tensor.identity(size, dtype: x.dtype)
  let above = triangle(.upper, of: Tensor.ones(like: x), diagonal: 0)
  var power = x
  for _ in 1..<max(size, 1) {
    let sums = matmul(above, power.diagonal().expandingShape(at: 1))
    power = matmul(triangle(.upper, of: power, diagonal: 0) - sums * identity, x)
  }
  return (size % 2 == 0 ? -1 : 1) * power[0, 0]
}

/// Orders of rows and columns under which elimination finds the greatest pivots left, and how many
/// of them are not negligible.
private struct PivotOrder {
  var rows, columns: [Int]
  /// Of both permutations together.
  var sign = 1.0
  var rank = 0

  init(_ matrix: Tensor) {
    let n = matrix.shape[0]
    var a = matrix.scalars(as: Double.self)
    let epsilon = matrix.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
    let negligible = a.reduce(0) { max($0, $1.magnitude) } * epsilon * Double(n)
    rows = Array(0..<n)
    columns = Array(0..<n)
    while rank < n {
      var (best, greatest) = ((rank, rank), -1.0)
      for i in rank..<n {
        for j in rank..<n where a[i * n + j].magnitude > greatest {
          (best, greatest) = ((i, j), a[i * n + j].magnitude)
        }
      }
      if greatest <= negligible { return }
      if best.0 != rank {
        for j in 0..<n { a.swapAt(best.0 * n + j, rank * n + j) }
        rows.swapAt(best.0, rank)
        sign = -sign
      }
      if best.1 != rank {
        for i in 0..<n { a.swapAt(i * n + best.1, i * n + rank) }
        columns.swapAt(best.1, rank)
        sign = -sign
      }
      for i in (rank + 1)..<max(n, rank + 1) {
        let factor = a[i * n + rank] / a[rank * n + rank]
        for j in rank..<n { a[i * n + j] -= factor * a[rank * n + j] }
      }
      rank += 1
    }
  }
}
