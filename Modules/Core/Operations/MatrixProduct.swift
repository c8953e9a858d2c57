package import Kernels

/// The matrix product of the last two axes; leading axes are batches and broadcast.
///
/// ```
/// matmul(a, b)[…, i, j] = Σₖ a[…, i, k] b[…, k, j]
/// ```
///
/// A vector on the left is a row, on the right a column, and its axis is not in the result; two
/// vectors give their inner product. Transposed and sliced views are read in place. Traps when the
/// inner extents differ.
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  let (a, b) = promoted(a, b)
  require(
    a.rank > 0 && b.rank > 0,
    "matmul: a scalar has no matrix product: lhs \(a.shape), rhs \(b.shape); use *")
  if a.rank == 2, b.rank == 2 { return matrixProduct(a, b) }
  if a.rank > 2, b.rank == 2, a.count > 0 {
    // One product with all rows, instead of one for each batch.
    let rows = a.reshaped([-1, a.layout.shape.extents[a.rank - 1]])
    return matrixProduct(rows, b).reshaped(Shape(a.shape.dropLast() + [b.shape[1]]))
  }
  if a.rank >= 2, b.rank >= 2 { return matrixProduct(a, b) }
  let left = a.rank == 1 ? a.expandingShape(at: 0) : a
  let right = b.rank == 1 ? b.expandingShape(at: 1) : b
  let product = matrixProduct(left, right)
  var sizes = Array(product.shape)
  if b.rank == 1 { sizes.removeLast() }
  if a.rank == 1 { sizes.remove(at: sizes.count - (b.rank == 1 ? 1 : 2)) }
  return product.reshaped(Shape(sizes))
}

/// The inner product of two vectors.
public func dot(_ a: Tensor, _ b: Tensor) -> Tensor {
  require(
    a.rank == 1 && b.rank == 1, "dot: the operands are no vectors: lhs \(a.shape), rhs \(b.shape)")
  return matmul(a, b)
}

/// The outer product of two vectors: a matrix.
public func outer(_ a: Tensor, _ b: Tensor) -> Tensor {
  require(
    a.rank == 1 && b.rank == 1,
    "outer: the operands are no vectors: lhs \(a.shape), rhs \(b.shape)")
  return matmul(a.expandingShape(at: 1), b.expandingShape(at: 0))
}

/// Both operands have two axes or more and one type.
private func matrixProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
  let product = multiply(a, b)
  guard a.isTracked || b.isTracked else { return product }
  let (savedA, savedB) = (Saved(a), Saved(b))
  return product.recorded(from: a, b) { upstream, node, needs in
    if isRecording() {
      return Cotangents(
        needs[0]
          ? matrixProduct(upstream, savedB.restored(node.second).transposed())
            .summed(to: savedA.shape) : nil,
        needs[1]
          ? matrixProduct(savedA.restored(node.first).transposed(), upstream)
            .summed(to: savedB.shape) : nil)
    }
    let (a, b) = (savedA.restored(nil), savedB.restored(nil))
    return Cotangents(
      needs[0] ? multiply(upstream, b, transposingB: true).summed(to: a.shape) : nil,
      needs[1] ? multiply(a, upstream, transposingA: true).summed(to: b.shape) : nil)
  }
}

/// The product as a kernel call: of the operands or of their transposes, without making views of
/// them; with an epilogue if wanted; without a derivative.
@inline(never)
package func multiply(
  _ a: Tensor, _ b: Tensor, transposingA: Bool = false, transposingB: Bool = false,
  epilogue: UnsafePointer<apus_epilogue>? = nil
) -> Tensor {
  let (aRank, bRank) = (a.rank, b.rank)
  let (aRow, aColumn) = transposingA ? (aRank - 1, aRank - 2) : (aRank - 2, aRank - 1)
  let (bRow, bColumn) = transposingB ? (bRank - 1, bRank - 2) : (bRank - 2, bRank - 1)
  let m = a.layout.shape.extents[aRow]
  let k = a.layout.shape.extents[aColumn]
  let n = b.layout.shape.extents[bColumn]
  if k != b.layout.shape.extents[bRow] { trapInner(a.shape, b.shape) }
  guard a.dtype.isFloating else {
    let product = multiply(
      a.cast(to: .float64), b.cast(to: .float64), transposingA: transposingA,
      transposingB: transposingB)
    return product.cast(to: a.dtype)
  }
  var shape: Shape
  var batchRank = 0
  var left = apus_matrix()
  var right = apus_matrix()
  if aRank == 2 && bRank == 2 {
    shape = Shape()
  } else {
    let aBatch = Shape(a.shape.dropLast(2))
    let bBatch = Shape(b.shape.dropLast(2))
    guard let batch = Shape.broadcast(aBatch, bBatch) else { trapBatch(a.shape, b.shape) }
    shape = batch
    batchRank = batch.count
    fill(&left.batch, a.batchStrides(over: batch))
    fill(&right.batch, b.batchStrides(over: batch))
  }
  countMultiplyAdds(shape.elementCount * m * n * k)
  let batchShape = shape
  shape.append(m)
  shape.append(n)
  let result = Tensor(uninitialized: shape, dtype: a.dtype)
  left.data = UnsafeRawPointer(a.pointer)
  left.row = a.layout.strides[aRow]
  left.column = a.layout.strides[aColumn]
  right.data = UnsafeRawPointer(b.pointer)
  right.row = b.layout.strides[bRow]
  right.column = b.layout.strides[bColumn]
  batchShape.extents.withPointer { batch in
    apus_gemm(
      a.dtype.kernel, m, n, k, &left, &right, result.pointer, n, Int32(batchRank), batch, false,
      epilogue)
  }
  extendLifetime(a.storage)
  extendLifetime(b.storage)
  return result
}

extension Tensor {
  /// The strides of the batch axes once they are stretched to `batch`.
  fileprivate func batchStrides(over batch: Shape) -> Extents {
    var result = Extents()
    let lead = batch.count - (rank - 2)
    for axis in 0..<(rank - 2) where layout.shape.extents[axis] != 1 {
      result[lead + axis] = layout.strides[axis]
    }
    return result
  }
}

private typealias BatchStrides = (Int, Int, Int, Int, Int, Int, Int, Int)

private func fill(_ target: inout BatchStrides, _ strides: Extents) {
  target = (
    strides[0], strides[1], strides[2], strides[3], strides[4], strides[5], strides[6], strides[7]
  )
}

@inline(never)
private func trapInner(_ a: Shape, _ b: Shape) -> Never {
  let k = a[a.count - 1]
  var advice = ""
  if k == b[b.count - 1] { advice = "; did you mean rhs.transposed()?" }
  if a[a.count - 2] == b[b.count - 2] { advice = "; did you mean lhs.transposed()?" }
  trap("matmul: inner sizes differ: lhs \(a), rhs \(b)\(advice)")
}

@inline(never)
private func trapBatch(_ a: Shape, _ b: Shape) -> Never {
  trap("matmul: the batch axes do not broadcast: lhs \(a), rhs \(b)")
}
