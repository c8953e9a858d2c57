internal import Kernels

/// What the kernel gives for singular values and vectors, and how it is recorded.
struct SingularDecomposition {
  let a, values: Tensor
  let vectors: (left: Tensor, right: Tensor)?
  private(set) var convergence: Convergence
  private let parts: Parts

  init(_ a: Tensor, full: Bool = false, withVectors: Bool = true) {
    let parts = Parts(a, full: full)
    let dense = a.detached.contiguous()
    let values = Tensor(uninitialized: Shape(parts.batch + [parts.k]), dtype: a.dtype)
    let left = withVectors ? Tensor(uninitialized: parts.leftShape, dtype: a.dtype) : nil
    let right = withVectors ? Tensor(uninitialized: parts.rightShape, dtype: a.dtype) : nil
    convergence = Convergence(batch: a.batchShape)
    convergence.report {
      apus_singular_values(
        a.dtype.kernel, a.batchShape.elementCount, parts.m, parts.n, full, dense.pointer,
        values.pointer, left?.pointer, right?.pointer, $0)
    }
    extendLifetime(dense.storage)
    self.a = a
    self.values = values
    self.parts = parts
    vectors = left.flatMap { left in right.map { (left, $0) } }
  }

  var recorded: (left: Tensor, values: Tensor, right: Tensor) {
    let (left, right) = vectors.unsafelyUnwrapped
    guard a.isTracked else { return (left, values, right) }
    let joined = join(left, right)
    let recorded = parts.split(joined)
    return (recorded.left, recordedValues(joined), recorded.right)
  }

  var recordedValues: Tensor {
    guard a.isTracked, let vectors else { return values }
    return recordedValues(join(vectors.left, vectors.right))
  }

  /// All three as one result, so that one pull-back sees the gradients of all, and finds all with
  /// their history.
  private func join(_ left: Tensor, _ right: Tensor) -> Tensor {
    let rows = [left, values, right].map { $0.reshaped(Shape(parts.batch + [$0.count / count])) }
    let joined = concatenated(rows, along: -1)
    let saved = Saved(joined)
    return joined.recorded(from: a) { [parts] upstream, node in
      parts.pullback(parts.split(saved.restored(node)), parts.split(upstream))
    }
  }

  /// The number of matrices, and 1 where there is none to divide by.
  private var count: Int { max(a.batchShape.elementCount, 1) }

  /// The values with a derivative of their own, which does without that of the vectors.
  private func recordedValues(_ joined: Tensor) -> Tensor {
    let saved = Saved(joined)
    return values.recorded(from: a, joined) { [parts] upstream, node, _ in
      let (u, _, v) = parts.reduced(parts.split(saved.restored(node.second)))
      return Cotangents(matmul(u * upstream.expandingShape(at: -2), v.transposed()))
    }
  }
}

/// The shapes of the three results, which lie one after the other in a joined one.
private struct Parts: Sendable {
  typealias Triple = (left: Tensor, values: Tensor, right: Tensor)

  let batch: [Int]
  let m, n, k: Int
  let leftShape, rightShape: Shape

  init(_ a: Tensor, full: Bool) {
    batch = Array(a.batchShape)
    (m, n) = (a.rowCount, a.columnCount)
    k = min(m, n)
    leftShape = Shape(batch + [m, full ? m : k])
    rightShape = Shape(batch + [n, full ? n : k])
  }

  func split(_ joined: Tensor) -> Triple {
    let (p, q) = (leftShape[batch.count + 1], rightShape[batch.count + 1])
    return (
      joined.narrowed(-1, from: 0, count: m * p).reshaped(leftShape),
      joined.narrowed(-1, from: m * p, count: k),
      joined.narrowed(-1, from: m * p + k, count: n * q).reshaped(rightShape)
    )
  }

  /// The first k columns.
  func reduced(_ x: Triple) -> Triple {
    (x.left.narrowed(-1, from: 0, count: k), x.values, x.right.narrowed(-1, from: 0, count: k))
  }

  func pullback(_ x: Triple, _ upstream: Triple) -> Tensor {
    let (u, values, v) = reduced(x)
    let valuesBar = upstream.values
    let uBar = turned(x.left, upstream.left)
    let vBar = turned(x.right, upstream.right)
    let row = values.expandingShape(at: -2)
    let column = values.expandingShape(at: -1)
    // σⱼ² − σᵢ² as a product: squares would lose the digits of close values.
    let gaps = (row - column) * (row + column)
    let (inU, inV) = (matmul(u.transposed(), uBar), matmul(v.transposed(), vBar))
    let turning =
      quotient(inU - inU.transposed(), by: gaps) * row
      + quotient(inV - inV.transposed(), by: gaps) * column
    let isDiagonal = Tensor.identity(k, dtype: .bool)
    let core = select(isDiagonal, valuesBar.expandingShape(at: -2), turning)
    var inner = matmul(u, core)
    if m > k { inner = inner + quotient(uBar - matmul(u, inU), by: row) }
    var result = matmul(inner, v.transposed())
    if n > k {
      result = result + matmul(u, quotient(vBar - matmul(v, inV), by: row).transposed())
    }
    return result
  }

  /// The gradient with respect to the first k columns, when the others turn as the projector on
  /// them does: dX₂ = −X₁ (X₂ᵀ dX₁)ᵀ.
  private func turned(_ x: Tensor, _ gradient: Tensor) -> Tensor {
    let first = gradient.narrowed(-1, from: 0, count: k)
    let rest = x.columnCount - k
    guard rest > 0 else { return first }
    let (x1, x2) = (x.narrowed(-1, from: 0, count: k), x.narrowed(-1, from: k, count: rest))
    let inner = matmul(gradient.narrowed(-1, from: k, count: rest).transposed(), x1)
    return first - matmul(x2, inner)
  }
}
