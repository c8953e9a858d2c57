internal import Kernels

/// The solution of linear equations, by LU factors with row exchanges.
///
/// ```
/// A X = B
/// ```
///
/// - Parameters:
///   - a: […, n, n].
///   - b: […, n, k], or [n] for a single right-hand side. Batch axes broadcast.
/// - Returns: X, of the shape of `b` with the batch axes broadcast. Where A is singular all of X is ∞
///   (NaN where A holds a NaN); ``solve(checking:_:)`` throws instead.
/// - Complexity: 2n³/3 + 2n²k floating-point operations, less than forming the inverse and better
///   conditioned.
///
/// The derivatives are B̄ = A⁻ᵀ X̄ and Ā = −B̄ Xᵀ.
public func solve(_ a: Tensor, _ b: Tensor) -> Tensor { solution(a, b, nil) }

/// As ``solve(_:_:)``.
///
/// - Throws: ``LinearAlgebraError`` for the first matrix of `a` that is singular.
public func solve(checking a: Tensor, _ b: Tensor) throws(LinearAlgebraError) -> Tensor {
  let a = squareMatrices(a, in: "solve")
  return try checking("solve", .singular, batch: a.batchShape) { solution(a, b, $0) }
}

private func solution(_ a: Tensor, _ b: Tensor, _ breakdowns: Breakdowns?) -> Tensor {
  let (a, b) = promoted(squareMatrices(a, in: "solve"), floating(b))
  return withMatrix(b, as: "solve") { b in
    requireSystem(a, b, in: "solve")
    return solved(a, b, CompactLU(a, breakdowns))
  }
}

private func solved(_ a: Tensor, _ b: Tensor, _ factors: CompactLU) -> Tensor {
  let x = factors.solve(b)
  guard a.isTracked || b.isTracked else { return x }
  let (savedA, savedX, bShape) = (Saved(a), Saved(x), b.shape)
  return x.recorded(from: a, b) { upstream, node, needs in
    let back =
      isRecording()
      ? solve(savedA.restored(node.first).transposed(), upstream)
      : factors.solve(upstream, transposed: true)
    let outer = needs[0] ? matmul(back, savedX.restored(node).transposed()) : nil
    return Cotangents(
      outer.map { -$0.summed(to: savedA.shape) }, needs[1] ? back.summed(to: bShape) : nil)
  }
}

// MARK: - Shared by the solvers

/// Applies a function of matrices to `b`, which may be a vector: then to it as one column.
func withMatrix(_ b: Tensor, as operation: StaticString, _ body: (Tensor) -> Tensor) -> Tensor {
  require(b.rank > 0, "\(operation): the right-hand side is a scalar")
  if b.rank > 1 { return body(b) }
  let x = body(b.expandingShape(at: 1))
  return x.reshaped(Shape(x.shape.dropLast()))
}

func requireSystem(_ a: Tensor, _ b: Tensor, in operation: StaticString) {
  require(
    a.rowCount == b.rowCount,
    """
    \(operation): \(a.rowCount) equations, but right-hand sides of \(b.rowCount) rows: lhs \
    \(a.shape), rhs \(b.shape); a batch of vectors needs a last axis of extent 1
    """)
}

func commonBatch(_ a: Tensor, _ b: Tensor, in operation: StaticString) -> Shape {
  guard let batch = Shape.broadcast(a.batchShape, b.batchShape) else {
    trap("\(operation): the batch axes do not broadcast: lhs \(a.shape), rhs \(b.shape)")
  }
  return batch
}
