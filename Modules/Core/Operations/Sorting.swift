internal import Kernels

extension Tensor {
  /// The positions along an axis in ascending (or descending) order of their elements, as `int64`.
  ///
  /// Stable: equal elements keep their order. NaN comes last in either direction.
  public func argsort(along axis: Int = -1, descending: Bool = false) -> Tensor {
    positions(along: axis, in: "argsort") { rows, columns, source, target in
      apus_argsort(dtype.kernel, rows, columns, source, descending, target)
    }
  }

  /// The elements along an axis in ascending (or descending) order; NaN comes last.
  ///
  /// The gradient goes back to where each element came from.
  public func sorted(along axis: Int = -1, descending: Bool = false) -> Tensor {
    takenAlong(argsort(along: axis, descending: descending), axis: axis)
  }

  /// The `k` greatest (or least) elements along an axis, in order, and their positions.
  ///
  /// Of equal elements, the first come first. NaN counts as neither great nor small: it comes last.
  ///
  /// - Returns: Values and `int64` indices, both with extent `k` along the axis. The gradient of the
  ///   values goes back to where they came from.
  public func topK(
    _ k: Int, along axis: Int = -1, largest: Bool = true
  ) -> (values: Tensor, indices: Tensor) {
    let extent = shape[layout.shape.resolved(axis, in: "topK")]
    require(
      k >= 0 && k <= extent,
      "topK: \(k) elements of axis \(axis) of shape \(shape), which has \(extent)")
    let indices = positions(along: axis, in: "topK", count: k) { rows, columns, source, target in
      apus_top_k(dtype.kernel, rows, columns, source, k, largest, target)
    }
    return (takenAlong(indices, axis: axis), indices)
  }

  /// Runs a kernel over dense rows along an axis; it writes `count` positions for each.
  private func positions(
    along axis: Int, in operation: StaticString, count: Int? = nil,
    _ kernel: (Int, Int, UnsafeRawPointer, UnsafeMutablePointer<Int64>) -> Void
  ) -> Tensor {
    let axis = layout.shape.resolved(axis, in: operation)
    let rows = detached.transposed(axis, -1).contiguous()
    var shape = rows.shape
    let columns = shape[rank - 1]
    shape[rank - 1] = count ?? columns
    let result = Tensor(uninitialized: shape, dtype: .int64)
    let rowCount = columns == 0 ? 0 : rows.count / columns
    kernel(
      rowCount, columns, UnsafeRawPointer(rows.pointer),
      result.pointer.assumingMemoryBound(to: Int64.self))
    extendLifetime(rows.storage)
    return result.transposed(axis, -1)
  }
}
