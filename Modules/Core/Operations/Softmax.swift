internal import Kernels

/// e^xᵢ / Σⱼ e^xⱼ along an axis, without overflow for any x.
///
/// Adding a constant to x changes nothing. The Jacobian is diag(S) − S Sᵀ (course document 001,
/// question 1(k)).
public func softmax(_ x: Tensor, along axis: Int = -1) -> Tensor {
  alongLastAxis(floating(x), axis, in: "softmax") { x in
    rowwise(x, apus_softmax, as: "softmax", derivative: apus_softmax_backward) { y, upstream in
      y * (upstream - (upstream * y).sum(along: -1, keepingAxes: true))
    }
  }
}

/// ln softmax(x) = x − ln Σⱼ e^xⱼ along an axis, exact where softmax itself would be 0.
public func logSoftmax(_ x: Tensor, along axis: Int = -1) -> Tensor {
  alongLastAxis(floating(x), axis, in: "logSoftmax") { x in
    rowwise(x, apus_log_softmax, as: "logSoftmax", derivative: apus_log_softmax_backward) {
      y, upstream in
      upstream - exp(y) * upstream.sum(along: -1, keepingAxes: true)
    }
  }
}

/// A kernel over dense rows whose derivative is another kernel over result and upstream gradient.
///
/// - Parameter pullback: The same derivative in tensor operations, for where it is recorded.
private func rowwise(
  _ x: Tensor,
  _ kernel: (apus_dtype, Int, Int, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Void,
  as name: StaticString,
  derivative:
    @escaping @Sendable (
      apus_dtype, Int, Int, UnsafeRawPointer?, UnsafeRawPointer?, UnsafeMutableRawPointer?
    ) -> Void,
  pullback: @escaping @Sendable (_ y: Tensor, _ upstream: Tensor) -> Tensor
) -> Tensor {
  let (rows, columns) = x.rowsAndColumns
  let y = Tensor(uninitialized: x.shape, dtype: x.dtype)
  kernel(x.dtype.kernel, rows, columns, x.pointer, y.pointer)
  extendLifetime(x.storage)
  guard x.isTracked else { return y }
  let saved = Saved(y)
  return y.recorded(from: x, as: name) { upstream, node in
    if isRecording() { return pullback(saved.restored(node), upstream) }
    let y = saved.restored(nil)
    let upstream = upstream.contiguous()
    let result = Tensor(uninitialized: y.shape, dtype: y.dtype)
    derivative(y.dtype.kernel, rows, columns, y.pointer, upstream.pointer, result.pointer)
    extendLifetime(y.storage)
    extendLifetime(upstream.storage)
    return result
  }
}

/// Applies a function of dense rows along any axis.
private func alongLastAxis(
  _ x: Tensor, _ axis: Int, in operation: StaticString, _ function: (Tensor) -> Tensor
) -> Tensor {
  let axis = x.layout.shape.resolved(axis, in: operation)
  if axis == x.rank - 1 { return function(x.contiguous()) }
  return function(x.transposed(axis, -1).contiguous()).transposed(axis, -1)
}

extension Tensor {
  /// This dense tensor as a matrix over its last axis.
  var rowsAndColumns: (rows: Int, columns: Int) {
    let columns = layout.shape.extents[rank - 1]
    return (columns == 0 ? 0 : count / columns, columns)
  }
}
