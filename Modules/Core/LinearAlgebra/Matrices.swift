internal import Kernels

// What the operations of this folder share: matrices are the last two axes, all before are batches.

extension Tensor {
  var rowCount: Int { layout.shape.extents[rank - 2] }
  var columnCount: Int { layout.shape.extents[rank - 1] }

  /// The extents before the last two axes.
  var batchShape: Shape {
    var result = Shape()
    for axis in 0..<(rank - 2) { result.append(layout.shape.extents[axis]) }
    return result
  }

  /// This scalar for each matrix of a batch, ready to be multiplied with the matrices.
  func forEachMatrix() -> Tensor { reshaped(Shape(Array(shape) + [1, 1])) }
}

/// `x` as matrices of floating-point numbers.
func matrices(_ x: Tensor, in operation: StaticString) -> Tensor {
  require(
    x.rank >= 2, "\(operation): shape \(x.shape) is no matrix; the last two axes are rows, columns")
  return floating(x)
}

func squareMatrices(_ x: Tensor, in operation: StaticString) -> Tensor {
  let x = matrices(x, in: operation)
  require(
    x.rowCount == x.columnCount, "\(operation): the matrices are not square: shape \(x.shape)")
  return x
}

/// For each matrix of `batch`, which matrix of the smaller batch `own` it goes with; `nil` where
/// the two are the same.
func sources(of own: Shape, in batch: Shape) -> Tensor? {
  if own == batch { return nil }
  return Tensor.range(0..<own.elementCount).reshaped(own).broadcast(to: batch).contiguous()
}

extension Optional where Wrapped == Tensor {
  /// Hands the elements of an `int64` tensor to a kernel.
  func withIndices<Result>(_ body: (UnsafePointer<Int64>?) -> Result) -> Result {
    defer { if let self { extendLifetime(self.storage) } }
    return body(self.map { UnsafePointer($0.pointer.assumingMemoryBound(to: Int64.self)) })
  }
}

/// Which side of the diagonal.
enum TrianglePart { case lower, upper }

/// The elements on one side of the diagonal, zeros elsewhere; those on the diagonal times
/// `diagonal`.
func triangle(_ part: TrianglePart, of x: Tensor, diagonal: Double = 1) -> Tensor {
  let dense = x.contiguous()
  let result = Tensor(uninitialized: dense.shape, dtype: dense.dtype)
  apus_triangle_part(
    x.dtype.kernel, dense.batchShape.elementCount, dense.rowCount, dense.columnCount,
    part == .upper, diagonal, dense.pointer, result.pointer)
  extendLifetime(dense.storage)
  return result.recorded(from: dense) { upstream, _ in
    triangle(part, of: upstream, diagonal: diagonal)
  }
}
