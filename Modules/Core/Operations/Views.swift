// Other ways to look at the same elements: nothing here copies, but `reshaped` where it must.

extension Tensor {
  /// This data through another layout.
  @inline(__always)
  func viewed(_ layout: Layout) -> Tensor {
    Tensor(storage: Storage(viewing: storage, layout))
  }

  /// The same elements, in row-major order, in another shape. One extent may be −1: it is worked
  /// out from the others. A view where the strides allow it, else a copy.
  public func reshaped(_ sizes: [Int]) -> Tensor {
    var sizes = sizes
    if let open = sizes.firstIndex(of: -1) {
      let known = sizes.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
      require(
        sizes.filter { $0 == -1 }.count == 1 && known != 0 && count % known == 0,
        "reshaped: \(count) elements of shape \(shape) do not fit \(sizes)")
      sizes[open] = count / known
    }
    return reshaped(Shape(sizes))
  }

  /// The same elements, in row-major order, in another shape.
  @_disfavoredOverload
  public func reshaped(_ shape: Shape) -> Tensor {
    if shape == layout.shape { return self }
    require(
      shape.elementCount == count,
      "reshaped: \(count) elements of shape \(layout.shape) do not fit \(shape)")
    let result: Tensor
    if let strides = layout.strides(reshapedTo: shape) {
      result = viewed(Layout(shape: shape, strides: strides, offset: 0))
    } else {
      let dense = detached.copied()
      result = dense.viewed(Layout(dense: shape))
    }
    guard isTracked else { return result }
    let original = layout.shape
    return result.recorded(from: self) { upstream, _ in upstream.reshaped(original) }
  }

  /// All elements in one axis.
  public func flattened() -> Tensor { reshaped(Shape([count])) }

  /// The axes from `first` to `last` merged into one.
  public func flattened(from first: Int, to last: Int = -1) -> Tensor {
    let lower = layout.shape.resolved(first, in: "flattened")
    let upper = layout.shape.resolved(last, in: "flattened")
    require(lower <= upper, "flattened: axis \(first) lies after \(last) in shape \(shape)")
    let merged = shape[lower...upper].reduce(1, *)
    return reshaped(Shape(Array(shape[..<lower]) + [merged] + Array(shape[(upper + 1)...])))
  }

  /// The axes in another order: axis i of the result is axis `order[i]` of this.
  public func permuted(_ order: [Int]) -> Tensor {
    let axes = order.map { layout.shape.resolved($0, in: "permuted") }
    require(
      axes.count == rank && Set(axes).count == rank,
      "permuted: \(order) is no order of the axes of shape \(shape)")
    var extents = Extents()
    var strides = Extents()
    for (axis, source) in axes.enumerated() {
      extents[axis] = layout.shape.extents[source]
      strides[axis] = layout.strides[source]
    }
    let result = viewed(
      Layout(shape: Shape(extents: extents, count: rank), strides: strides, offset: 0))
    guard isTracked else { return result }
    var inverse = [Int](repeating: 0, count: rank)
    for (axis, source) in axes.enumerated() { inverse[source] = axis }
    let order = inverse
    return result.recorded(from: self) { upstream, _ in upstream.permuted(order) }
  }

  /// The matrix transpose: the last two axes swapped. A vector is its own.
  public func transposed() -> Tensor {
    rank < 2 ? self : transposed(-2, -1)
  }

  /// Two axes swapped.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    let a = layout.shape.resolved(first, in: "transposed")
    let b = layout.shape.resolved(second, in: "transposed")
    var shape = layout.shape
    var strides = layout.strides
    (shape.extents[a], shape.extents[b]) = (shape.extents[b], shape.extents[a])
    (strides[a], strides[b]) = (strides[b], strides[a])
    let result = viewed(Layout(shape: shape, strides: strides, offset: 0))
    return result.recorded(from: self) { upstream, _ in upstream.transposed(a, b) }
  }

  /// This tensor stretched to a larger shape by NumPy's rule, without copying.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == layout.shape { return self }
    require(
      Shape.broadcast(layout.shape, shape) == shape,
      "broadcast: shape \(layout.shape) does not stretch to \(shape)")
    let result = viewed(layout.broadcast(to: shape))
    guard isTracked else { return result }
    let original = layout.shape
    return result.recorded(from: self) { upstream, _ in upstream.summed(to: original) }
  }

  /// A new axis of extent 1 before `axis` (−1: after the last).
  public func expandingShape(at axis: Int) -> Tensor {
    let position = axis < 0 ? axis + rank + 1 : axis
    require(
      position >= 0 && position <= rank, "expandingShape: no place \(axis) in shape \(shape)")
    var sizes = Array(shape)
    sizes.insert(1, at: position)
    return reshaped(Shape(sizes))
  }

  /// Without the given axes of extent 1; without any of them when none is given.
  public func squeezed(_ axes: Int...) -> Tensor {
    let resolved = Set(axes.map { layout.shape.resolved($0, in: "squeezed") })
    for axis in resolved {
      require(shape[axis] == 1, "squeezed: axis \(axis) of shape \(shape) is not of extent 1")
    }
    let kept = shape.indices.filter {
      shape[$0] != 1 || !(axes.isEmpty || resolved.contains($0))
    }
    return reshaped(Shape(kept.map { shape[$0] }))
  }

  /// The diagonal of the last two axes, of shape […, min(rows, columns)], as a view.
  public func diagonal() -> Tensor {
    require(rank >= 2, "diagonal: shape \(shape) is no matrix")
    var extents = layout.shape.extents
    var strides = layout.strides
    let size = min(extents[rank - 2], extents[rank - 1])
    strides[rank - 2] = strides[rank - 2] + strides[rank - 1]
    extents[rank - 2] = size
    let result = viewed(
      Layout(
        shape: Shape(extents: extents, count: rank - 1), strides: strides, offset: 0))
    guard isTracked else { return result }
    let original = shape
    return result.recorded(from: self) { upstream, _ in
      let identity = Tensor.identity(size, dtype: upstream.dtype)
      let square = upstream.expandingShape(at: -1) * identity
      var padded = square
      if original[original.count - 1] > size {
        let missing = Shape(square.shape.dropLast() + [original[original.count - 1] - size])
        padded = concatenated([square, Tensor.zeros(missing, dtype: upstream.dtype)], along: -1)
      } else if original[original.count - 2] > size {
        let missing = Shape(
          square.shape.dropLast(2) + [original[original.count - 2] - size, size])
        padded = concatenated([square, Tensor.zeros(missing, dtype: upstream.dtype)], along: -2)
      }
      return padded
    }
  }
}
