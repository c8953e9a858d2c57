internal import Kernels

extension Tensor {
  /// The slices at `indices` along an axis.
  ///
  /// ```
  /// result[o…, j…, i…] = self[o…, indices[j…], i…]
  /// ```
  ///
  /// - Parameter indices: An integer tensor of any shape, which takes the place of the axis; negative
  ///   ones count from the end. An index out of range traps.
  public func gathered(at indices: Tensor, along axis: Int = 0) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "gathered")
    let index = checkedIndices(indices, extent: shape[axis], in: "gathered")
    let source = contiguous()
    let (outer, inner) = source.extents(around: axis)
    let before = Array(shape[..<axis])
    let after = Array(shape[(axis + 1)...])
    let result = Tensor(
      uninitialized: Shape(before + Array(indices.shape) + after), dtype: dtype)
    apus_gather(
      dtype.kernel, outer, shape[axis], inner, source.pointer,
      index.pointer.assumingMemoryBound(to: Int64.self), index.count, result.pointer)
    extendLifetime(source.storage)
    extendLifetime(index.storage)
    let original = source.shape
    return result.recorded(from: source) { upstream, _ in
      upstream.scatteredSum(at: index, along: axis, into: original)
    }
  }

  /// The transpose of ``gathered(at:along:)``: zeros of `shape` with this tensor's slices added at
  /// the indices. Repeated indices add up, in order.
  func scatteredSum(at index: Tensor, along axis: Int, into shape: Shape) -> Tensor {
    let source = contiguous()
    let result = Tensor.zeros(shape, dtype: dtype)
    let (outer, inner) = result.extents(around: axis)
    apus_scatter_add(
      dtype.kernel, outer, shape[axis], inner, source.pointer,
      index.pointer.assumingMemoryBound(to: Int64.self), index.count, result.pointer)
    extendLifetime(source.storage)
    extendLifetime(index.storage)
    let original = source.shape
    return result.recorded(from: source) { upstream, _ in
      upstream.gathered(at: index, along: axis).reshaped(original)
    }
  }

  /// This tensor with the slices of `updates` added at `indices` along an axis; repeated indices
  /// add up.
  public func adding(_ updates: Tensor, at indices: Tensor, along axis: Int = 0) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "adding")
    let index = checkedIndices(indices, extent: shape[axis], in: "adding")
    let expected = Shape(Array(shape[..<axis]) + Array(indices.shape) + Array(shape[(axis + 1)...]))
    require(
      updates.shape == expected,
      "adding: \(indices.shape) indices along axis \(axis) of shape \(shape) need updates of shape \(expected), got \(updates.shape)"
    )
    return self + updates.cast(to: dtype).scatteredSum(at: index, along: axis, into: shape)
  }

  /// One element for each position: `result[…, j, …] = self[…, indices[…, j, …], …]`.
  ///
  /// - Parameter indices: An integer tensor with this tensor's rank and extents, but along `axis`.
  public func takenAlong(_ indices: Tensor, axis: Int) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "takenAlong")
    var expected = shape
    if indices.rank == rank { expected[axis] = indices.shape[axis] }
    require(
      indices.shape == expected,
      "takenAlong: the indices have shape \(indices.shape), the tensor \(shape)")
    let index = checkedIndices(indices, extent: shape[axis], in: "takenAlong")
    let source = contiguous()
    let (outer, inner) = source.extents(around: axis)
    let result = Tensor(uninitialized: indices.shape, dtype: dtype)
    apus_take_along(
      dtype.kernel, outer, shape[axis], inner, source.pointer,
      index.pointer.assumingMemoryBound(to: Int64.self), indices.shape[axis], result.pointer)
    extendLifetime(source.storage)
    extendLifetime(index.storage)
    let original = source.shape
    return result.recorded(from: source) { upstream, _ in
      upstream.scatteredSumAlong(index, axis: axis, into: original)
    }
  }

  /// The transpose of ``takenAlong(_:axis:)``.
  func scatteredSumAlong(_ index: Tensor, axis: Int, into shape: Shape) -> Tensor {
    let source = contiguous()
    let result = Tensor.zeros(shape, dtype: dtype)
    let (outer, inner) = result.extents(around: axis)
    apus_scatter_add_along(
      dtype.kernel, outer, shape[axis], inner, source.pointer,
      index.pointer.assumingMemoryBound(to: Int64.self), source.shape[axis], result.pointer)
    extendLifetime(source.storage)
    extendLifetime(index.storage)
    return result.recorded(from: source) { upstream, _ in
      upstream.takenAlong(index, axis: axis)
    }
  }

  /// Ones at the labels, zeros elsewhere, along a new last axis.
  ///
  /// - Parameter classes: The extent of the new axis; a label outside 0..<classes traps.
  public func oneHot(_ classes: Int, dtype: DType = .float32) -> Tensor {
    let index = checkedIndices(self, extent: classes, in: "oneHot", allowsNegative: false)
    let places = index.reshaped(Shape(Array(shape) + [1]))
    return Tensor.zeros(Shape(Array(shape) + [classes]), dtype: dtype)
      .replacingAlong(Tensor.ones(places.shape, dtype: dtype), at: places, axis: -1)
  }

  /// The product of the extents before and of those after an axis.
  func extents(around axis: Int) -> (outer: Int, inner: Int) {
    var outer = 1
    var inner = 1
    for index in 0..<axis { outer *= layout.shape.extents[index] }
    for index in (axis + 1)..<max(rank, axis + 1) { inner *= layout.shape.extents[index] }
    return (outer, inner)
  }
}

/// The indices as dense int64 within 0..<extent, negative ones counted from the end.
package func checkedIndices(
  _ indices: Tensor, extent: Int, in operation: StaticString, allowsNegative: Bool = true
) -> Tensor {
  require(
    indices.dtype == .int32 || indices.dtype == .int64,
    "\(operation): the indices must be integers, got \(indices.dtype)")
  let index = indices.detached.cast(to: .int64).contiguous()
  let firstBad: (position: Int, value: Int64)?
  var hasNegative = false
  firstBad = index.withScalars(as: Int64.self) { values in
    for (position, value) in values.enumerated() {
      if value < 0 { hasNegative = true }
      if value >= Int64(extent) || value < (allowsNegative ? -Int64(extent) : 0) {
        return (position, value)
      }
    }
    return nil
  }
  if let firstBad {
    trap(
      "\(operation): index \(firstBad.value) at position \(firstBad.position) is not within 0..<\(extent)"
    )
  }
  return hasNegative ? select(index .< 0, index + Double(extent), index) : index
}
