internal import Kernels

extension Tensor {
  /// This tensor with `updates` added at positions along an axis, the transpose of
  /// ``takenAlong(_:axis:)``; repeated positions add up.
  ///
  /// - Parameters:
  ///   - updates: In the shape of `indices`.
  ///   - indices: Integers, with this tensor's rank and extents but along `axis`; negative ones
  ///     count from the end.
  public func addingAlong(_ updates: Tensor, at indices: Tensor, axis: Int) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "addingAlong")
    let index = indicesAlong(indices, updates, axis, in: "addingAlong")
    return self + updates.cast(to: dtype).scatteredSumAlong(index, axis: axis, into: layout.shape)
  }

  /// This tensor with `values` at positions along an axis:
  /// `result[…, indices[…, j, …], …] = values[…, j, …]`.
  ///
  /// Where a position is repeated the last value counts, and the others have gradient 0.
  ///
  /// - Parameters:
  ///   - values: In the shape of `indices`; taken in this tensor's type.
  ///   - indices: Integers, with this tensor's rank and extents but along `axis`; negative ones
  ///     count from the end.
  public func replacingAlong(_ values: Tensor, at indices: Tensor, axis: Int) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "replacingAlong")
    let index = indicesAlong(indices, values, axis, in: "replacingAlong")
    let values = values.cast(to: dtype)
    let result = put(values, index, axis)
    guard isTracked || values.isTracked else { return result }
    let shape = layout.shape
    return result.recorded(from: self, values) { upstream, _, needs in
      let zeros = Tensor.zeros(index.shape, dtype: upstream.dtype)
      return Cotangents(
        needs[0] ? upstream.replacingAlong(zeros, at: index, axis: axis) : nil,
        needs[1]
          ? select(
            lastAtPosition(index, axis, of: shape), upstream.takenAlong(index, axis: axis), zeros)
          : nil)
    }
  }

  /// This tensor with the slices of `values` at `indices` along an axis. Where an index is repeated
  /// the last slice counts.
  ///
  /// - Parameters:
  ///   - values: This tensor's shape with that of `indices` in place of the axis.
  ///   - indices: An integer tensor of any shape.
  public func replacing(_ values: Tensor, at indices: Tensor, along axis: Int = 0) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "replacing")
    let (before, after) = (Array(shape[..<axis]), Array(shape[(axis + 1)...]))
    let expected = Shape(before + Array(indices.shape) + after)
    require(
      values.shape == expected,
      "replacing: \(indices.shape) indices along axis \(axis) of shape \(shape) need values of shape \(expected), got \(values.shape)"
    )
    var column = [Int](repeating: 1, count: rank)
    column[axis] = indices.count
    let flat = Shape(before + [indices.count] + after)
    return replacingAlong(
      values.reshaped(flat), at: indices.reshaped(Shape(column)).broadcast(to: flat), axis: axis)
  }

  private func put(_ values: Tensor, _ index: Tensor, _ axis: Int) -> Tensor {
    let result = detached.copied()
    let source = values.detached.contiguous()
    let (outer, inner) = result.extents(around: axis)
    apus_put_along(
      dtype.kernel, outer, shape[axis], inner, source.pointer,
      index.pointer.assumingMemoryBound(to: Int64.self), index.shape[axis], result.pointer)
    extendLifetime(source.storage)
    extendLifetime(index.storage)
    return result
  }

  private func indicesAlong(
    _ indices: Tensor, _ values: Tensor, _ axis: Int, in operation: StaticString
  ) -> Tensor {
    var expected = shape
    if indices.rank == rank { expected[axis] = indices.shape[axis] }
    require(
      indices.shape == expected && values.shape == expected,
      "\(operation): indices \(indices.shape) and values \(values.shape) do not fit shape \(shape) along axis \(axis)"
    )
    return checkedIndices(indices, extent: shape[axis], in: operation)
  }
}

/// Where no later index names the same position of a tensor of `shape`.
private func lastAtPosition(_ index: Tensor, _ axis: Int, of shape: Shape) -> Tensor {
  var column = [Int](repeating: 1, count: shape.count)
  column[axis] = index.shape[axis]
  let order = Tensor.range(0..<index.shape[axis]).reshaped(Shape(column))
    .broadcast(to: index.shape)
  let winners = Tensor.zeros(shape, dtype: .int64).replacingAlong(order, at: index, axis: axis)
  return winners.takenAlong(index, axis: axis) .== order
}
