/// The Kronecker product: a block for each element of `a`, which is that element times `b`.
///
/// ```
/// (A ⊗ B)[i p + k, j q + l] = aᵢⱼ bₖₗ      B of shape [p, q]
/// ```
///
/// - Parameters:
///   - a: […, m, n], or [m] for vectors.
///   - b: […, p, q], or [p] for vectors. Batch axes broadcast; both have four at most.
/// - Returns: […, m p, n q], or [m p] for vectors.
///
/// (A ⊗ B)(C ⊗ D) = AC ⊗ BD, and the product maps the row-major elements of X to those of A X Bᵀ.
/// Differentiable to any order.
public func kroneckerProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
  if a.rank == 1, b.rank == 1 { return outer(a, b).reshaped([a.count * b.count]) }
  require(
    a.rank >= 2 && b.rank >= 2,
    "kroneckerProduct: the operands are no matrices: lhs \(a.shape), rhs \(b.shape)")
  require(
    max(a.rank, b.rank) + 2 <= Shape.maximumRank,
    "kroneckerProduct: more than \(Shape.maximumRank - 4) batch axes: lhs \(a.shape), rhs \(b.shape)"
  )
  let spread = a.expandingShape(at: -1).expandingShape(at: -3)  // [batch, row, 1, column, 1]
  let blocks = b.expandingShape(at: -2).expandingShape(at: -4)  // [batch, 1, row, 1, column]
  let product = spread * blocks
  let (m, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
  let (p, q) = (b.shape[b.rank - 2], b.shape[b.rank - 1])
  return product.reshaped(Shape(product.shape.dropLast(4) + [m * p, n * q]))
}
