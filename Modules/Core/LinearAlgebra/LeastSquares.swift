internal import Kernels

/// The solutions of over- or underdetermined linear equations in the sense of least squares, by QR
/// factors.
///
/// ```
/// X = argmin ‖A X − B‖²            m ≥ n
/// X = argmin ‖X‖² with A X = B     m < n
/// ```
///
/// - Parameters:
///   - a: […, m, n], of full rank min(m, n).
///   - b: […, m, k], or [m] for a single right-hand side. Batch axes broadcast.
/// - Returns: X, […, n, k], or […, n] for a single right-hand side. Where A is not of full rank X is
///   not finite or meaningless; ``leastSquares(checking:_:)`` throws, and the pseudo-inverse serves.
/// - Complexity: 4mn² floating-point operations.
///
/// Made of ``qr(_:mode:)`` and ``triangularSolve(_:_:lower:transposed:unitDiagonal:)``, whose
/// derivatives make its own.
public func leastSquares(_ a: Tensor, _ b: Tensor) -> Tensor {
  let (a, b) = promoted(matrices(a, in: "leastSquares"), floating(b))
  let isTall = a.rowCount >= a.columnCount
  return leastSquares(a, b, qr(isTall ? a : a.transposed()))
}

/// As ``leastSquares(_:_:)``.
///
/// - Throws: ``LinearAlgebraError`` for the first matrix that is not of full rank: that has
///   |Rᵢᵢ| ≤ ε max(m, n) maxⱼ |Rⱼⱼ| with the unit roundoff ε of the type.
public func leastSquares(
  checking a: Tensor, _ b: Tensor
) throws(LinearAlgebraError) -> Tensor {
  let (a, b) = promoted(matrices(a, in: "leastSquares"), floating(b))
  let isTall = a.rowCount >= a.columnCount
  let factors = qr(isTall ? a : a.transposed())
  try checking("leastSquares", .rankDeficient, batch: a.batchShape) { reports in
    let size = min(a.rowCount, a.columnCount)
    let diagonal = factors.r.detached.diagonal().scalars(as: Double.self)
    let epsilon = a.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
    for matrix in 0..<(size == 0 ? 0 : a.batchShape.elementCount) {
      let pivots = diagonal[(matrix * size)..<((matrix + 1) * size)]
      let greatest = pivots.reduce(0) { max($0, $1.magnitude) }
      let least = epsilon * Double(max(a.rowCount, a.columnCount)) * greatest
      if let bad = pivots.firstIndex(where: { !($0.magnitude > least) }) {
        reports[matrix] = apus_breakdown(row: bad - matrix * size, value: pivots[bad])
      }
    }
  }
  return leastSquares(a, b, factors)
}

/// `factors` are those of A if it has at least as many rows as columns, else those of Aᵀ.
private func leastSquares(_ a: Tensor, _ b: Tensor, _ factors: QRFactors) -> Tensor {
  withMatrix(b, as: "leastSquares") { b in
    requireSystem(a, b, in: "leastSquares")
    if a.rowCount >= a.columnCount {
      return triangularSolve(factors.r, matmul(factors.q.transposed(), b), lower: false)
    }
    return matmul(factors.q, triangularSolve(factors.r, b, lower: false, transposed: true))
  }
}
