internal import Kernels

/// The solution of linear equations whose matrix is triangular, by substitution.
///
/// ```
/// A X = B,  or  Aᵀ X = B when `transposed`
/// ```
///
/// - Parameters:
///   - a: […, n, n]. The other triangle is not read.
///   - b: […, n, k], or [n] for a single right-hand side. Batch axes broadcast.
///   - lower: Whether `a` is lower triangular; default true.
///   - transposed: Solve with Aᵀ; default false.
///   - unitDiagonal: The diagonal is taken as ones, and not read; default false.
/// - Returns: X, of the shape of `b` with the batch axes broadcast. A zero on the diagonal divides as
///   any zero does, and gives ±∞ or NaN; the checking form throws instead.
///
/// The derivatives are B̄ = A⁻ᵀ X̄ and Ā = −B̄ Xᵀ, of which the triangle counts.
public func triangularSolve(
  _ a: Tensor, _ b: Tensor, lower: Bool = true, transposed: Bool = false,
  unitDiagonal: Bool = false
) -> Tensor {
  let (a, b) = promoted(squareMatrices(a, in: "triangularSolve"), floating(b))
  return withMatrix(b, as: "triangularSolve") { b in
    requireSystem(a, b, in: "triangularSolve")
    return substitute(Substitution(lower: lower, transposed: transposed, unit: unitDiagonal), a, b)
  }
}

/// As ``triangularSolve(_:_:lower:transposed:unitDiagonal:)``.
///
/// - Throws: ``LinearAlgebraError`` for the first matrix with a zero (or NaN) on its diagonal.
public func triangularSolve(
  checking a: Tensor, _ b: Tensor, lower: Bool = true, transposed: Bool = false,
  unitDiagonal: Bool = false
) throws(LinearAlgebraError) -> Tensor {
  let a = squareMatrices(a, in: "triangularSolve")
  try checking("triangularSolve", .singular, batch: a.batchShape) { reports in
    guard !unitDiagonal, a.rowCount > 0 else { return }
    for (place, value) in a.detached.diagonal().scalars(as: Double.self).enumerated() {
      let (matrix, row) = place.quotientAndRemainder(dividingBy: a.rowCount)
      let isBad = value == 0 || value.isNaN
      if isBad, reports[matrix].row < 0 {
        reports[matrix] = apus_breakdown(row: row, value: value)
      }
    }
  }
  return triangularSolve(
    a, b, lower: lower, transposed: transposed, unitDiagonal: unitDiagonal)
}

/// How to read the triangular matrix.
private struct Substitution {
  var lower, transposed, unit: Bool
}

private func substitute(_ how: Substitution, _ a: Tensor, _ b: Tensor) -> Tensor {
  let x = substituted(how, a, b)
  guard a.isTracked || b.isTracked else { return x }
  let (savedA, savedX, bShape) = (Saved(a), Saved(x), b.shape)
  return x.recorded(from: a, b) { upstream, node, needs in
    let a = savedA.restored(node.first)
    var back = how
    back.transposed.toggle()
    let full = substitute(back, a, upstream)
    var aGradient: Tensor?
    if needs[0] {
      let x = savedX.restored(node)
      let outer =
        how.transposed
        ? matmul(x, full.transposed()) : matmul(full, x.transposed())
      aGradient = -triangle(
        how.lower ? .lower : .upper, of: outer.summed(to: savedA.shape),
        diagonal: how.unit ? 0 : 1)
    }
    return Cotangents(aGradient, needs[1] ? full.summed(to: bShape) : nil)
  }
}

private func substituted(_ how: Substitution, _ a: Tensor, _ b: Tensor) -> Tensor {
  let batch = commonBatch(a, b, in: "triangularSolve")
  let (a, stride) = a.detached.withRegularBatch()
  let x = b.detached.broadcast(to: Shape(Array(batch) + [b.rowCount, b.columnCount])).copied()
  let n = a.rowCount
  let (row, column) = (a.layout.strides[a.rank - 2], a.layout.strides[a.rank - 1])
  var t = apus_triangle(
    data: a.pointer, row: how.transposed ? column : row, column: how.transposed ? row : column,
    batch: stride, lower: how.lower != how.transposed, unit: how.unit)
  sources(of: a.batchShape, in: batch).withIndices { which in
    apus_triangular_solve(
      a.dtype.kernel, batch.elementCount, n, x.columnCount, &t, which, x.pointer)
  }
  extendLifetime(a.storage)
  return x
}

extension Tensor {
  /// These matrices at one constant distance, and that distance: itself where it is so already.
  fileprivate func withRegularBatch() -> (Tensor, stride: Int) {
    let size = rowCount * columnCount
    guard rank > 2 else { return (self, size) }
    let stride = layout.strides[rank - 3]
    var expected = stride
    for axis in (0..<(rank - 2)).reversed() {
      if layout.shape.extents[axis] != 1, layout.strides[axis] != expected {
        return (copied(), size)
      }
      expected *= layout.shape.extents[axis]
    }
    return (self, stride)
  }
}
