package import Kernels

// The bridge from tensors to the elementwise kernels. Dense operands, the common case, go as one
// long vector; others with their strides. `extendLifetime` keeps an operand's memory until the
// kernel is done: a pointer alone keeps nothing.

@inline(never)
package func apply(_ operation: apus_unary, _ x: Tensor) -> Tensor {
  let result = Tensor(uninitialized: x.layout.shape, dtype: x.dtype)
  if x.layout.isDense {
    var count = x.count
    var one = 1
    apus_apply_unary(operation, x.dtype.kernel, 1, &count, x.pointer, &one, result.pointer)
  } else {
    x.layout.shape.extents.withPointer { shape in
      x.layout.strides.withPointer { strides in
        apus_apply_unary(
          operation, x.dtype.kernel, Int32(x.rank), shape, x.pointer, strides, result.pointer)
      }
    }
  }
  extendLifetime(x.storage)
  return result
}

/// Both operands have the same type; shapes broadcast.
@inline(never)
package func apply(_ operation: apus_binary, _ a: Tensor, _ b: Tensor, named name: StaticString)
  -> Tensor
{
  let type = a.dtype.kernel
  if a.layout.isDense, b.layout.isDense, a.layout.shape == b.layout.shape {
    let result = Tensor(uninitialized: a.layout.shape, dtype: a.dtype)
    var count = a.count
    var one = 1
    apus_apply_binary(operation, type, 1, &count, a.pointer, &one, b.pointer, &one, result.pointer)
    extendLifetime(a.storage)
    extendLifetime(b.storage)
    return result
  }
  let result = Tensor(uninitialized: broadcastShape(a, b, named: name), dtype: a.dtype)
  withBroadcast(a, b, to: result.layout.shape) { rank, shape, aStrides, bStrides in
    apus_apply_binary(
      operation, type, rank, shape, a.pointer, aStrides, b.pointer, bStrides, result.pointer)
  }
  return result
}

/// The operand `b` is one number.
@inline(never)
package func apply(_ operation: apus_binary, _ a: Tensor, scalar b: Double, reversed: Bool = false)
  -> Tensor
{
  let result = Tensor(uninitialized: a.layout.shape, dtype: a.dtype)
  let dense = a.layout.isDense ? a : a.detached.copied()
  var count = dense.count
  var one = 1
  var zero = 0
  let type = a.dtype.kernel
  withKernelScalar(b, a.dtype) { scalar in
    if reversed {
      apus_apply_binary(
        operation, type, 1, &count, scalar, &zero, dense.pointer, &one, result.pointer)
    } else {
      apus_apply_binary(
        operation, type, 1, &count, dense.pointer, &one, scalar, &zero, result.pointer)
    }
  }
  extendLifetime(dense.storage)
  return result
}

package func apply(
  _ operation: apus_comparison, _ a: Tensor, _ b: Tensor, named name: StaticString
) -> Tensor {
  let (a, b) = promoted(a.detached, b.detached)
  let result = Tensor(uninitialized: broadcastShape(a, b, named: name), dtype: .bool)
  withBroadcast(a, b, to: result.layout.shape) { rank, shape, aStrides, bStrides in
    apus_apply_comparison(
      operation, a.dtype.kernel, rank, shape, a.pointer, aStrides, b.pointer, bStrides,
      result.pointer)
  }
  return result
}

package func apply(_ predicate: apus_predicate, _ x: Tensor) -> Tensor {
  let result = Tensor(uninitialized: x.shape, dtype: .bool)
  x.layout.shape.extents.withPointer { shape in
    x.layout.strides.withPointer { strides in
      apus_apply_predicate(
        predicate, x.dtype.kernel, Int32(x.rank), shape, x.pointer, strides, result.pointer)
    }
  }
  extendLifetime(x.storage)
  return result
}

/// Reduces over the axes set in `axes`; the result has `dtype` and lacks those axes.
package func apply(_ reduction: apus_reduction, _ x: Tensor, axes: UInt32, dtype: DType) -> Tensor {
  var kept = Shape()
  for axis in 0..<x.rank where axes & (1 << UInt32(axis)) == 0 {
    kept.append(x.layout.shape.extents[axis])
  }
  let result = Tensor(uninitialized: kept, dtype: dtype)
  x.layout.shape.extents.withPointer { shape in
    x.layout.strides.withPointer { strides in
      apus_reduce(
        reduction, x.dtype.kernel, Int32(x.rank), shape, x.pointer, strides, axes, result.pointer)
    }
  }
  extendLifetime(x.storage)
  return result
}

// MARK: - Broadcasting

package func broadcastShape(_ a: Tensor, _ b: Tensor, named name: StaticString) -> Shape {
  guard let shape = Shape.broadcast(a.layout.shape, b.layout.shape) else {
    trap("\(name): the shapes \(a.shape) and \(b.shape) do not broadcast")
  }
  return shape
}

@inline(__always)
func withBroadcast(
  _ a: Tensor, _ b: Tensor, to shape: Shape,
  _ body: (Int32, UnsafePointer<Int>, UnsafePointer<Int>, UnsafePointer<Int>) -> Void
) {
  let aStrides = a.layout.shape == shape ? a.layout.strides : a.layout.broadcast(to: shape).strides
  let bStrides = b.layout.shape == shape ? b.layout.strides : b.layout.broadcast(to: shape).strides
  shape.extents.withPointer { extents in
    aStrides.withPointer { aStrides in
      bStrides.withPointer { bStrides in
        body(Int32(shape.count), extents, aStrides, bStrides)
      }
    }
  }
  extendLifetime(a.storage)
  extendLifetime(b.storage)
}

/// Both tensors in their common type.
@inline(__always)
package func promoted(_ a: Tensor, _ b: Tensor) -> (Tensor, Tensor) {
  if a.dtype == b.dtype { return (a, b) }
  let dtype = DType.promoted(a.dtype, b.dtype)
  return (a.cast(to: dtype), b.cast(to: dtype))
}

/// An integer or bool tensor as float32, a floating one as it is.
@inline(__always)
package func floating(_ x: Tensor) -> Tensor { x.dtype.isFloating ? x : x.cast(to: .float32) }

extension Tensor {
  /// The transpose of broadcasting: sums over the axes along which a tensor of `shape` was
  /// stretched to this one's shape.
  @inline(__always)
  package func summed(to shape: Shape) -> Tensor {
    layout.shape == shape ? self : summedSlow(to: shape)
  }

  @inline(never)
  private func summedSlow(to shape: Shape) -> Tensor {
    let lead = rank - shape.count
    var axes: [Int] = []
    for axis in 0..<rank where axis < lead || (shape[axis - lead] == 1 && self.shape[axis] != 1) {
      axes.append(axis)
    }
    return (axes.isEmpty ? self : sum(along: axes)).reshaped(shape)
  }
}
