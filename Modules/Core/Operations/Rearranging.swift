extension Tensor {
  /// The elements along the given axes (by default, all axes) in opposite order, as a view.
  public func flipped(along axes: Int...) -> Tensor {
    let mask = axes.isEmpty ? allAxes : mask(of: axes, in: "flipped")
    return flipped(over: mask)
  }

  private func flipped(over axes: UInt32) -> Tensor {
    var strides = layout.strides
    var offset = 0
    for axis in 0..<rank where axes & (1 << UInt32(axis)) != 0 {
      offset += max(layout.shape.extents[axis] - 1, 0) * strides[axis]
      strides[axis] = -strides[axis]
    }
    let result = viewed(Layout(shape: layout.shape, strides: strides, offset: offset))
    return result.recorded(from: self) { upstream, _ in upstream.flipped(over: axes) }
  }

  /// The elements moved on by `shift` places along an axis; what leaves at one end enters at the
  /// other. Negative shifts move back.
  public func rolled(by shift: Int, along axis: Int = -1) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "rolled")
    let extent = shape[axis]
    if extent == 0 || shift % extent == 0 { return self }
    let head = shift % extent > 0 ? extent - shift % extent : -(shift % extent)
    return concatenated(
      [
        narrowed(axis, from: head, count: extent - head),
        narrowed(axis, from: 0, count: head),
      ], along: axis)
  }

  /// The elements moved along several axes.
  public func rolled(by shifts: [Int], along axes: [Int]) -> Tensor {
    require(
      shifts.count == axes.count, "rolled: \(shifts.count) shifts for \(axes.count) axes")
    return zip(shifts, axes).reduce(self) { $0.rolled(by: $1.0, along: $1.1) }
  }

  /// Each element along an axis `count` times in a row: a a b b c c. The whole tensor again and
  /// again is ``tiled(_:)``.
  public func repeated(_ count: Int, along axis: Int = -1) -> Tensor {
    repeated([count], along: axis)
  }

  /// Each element along an axis as often as its count says.
  ///
  /// - Parameter counts: One for each element along the axis, or one for all.
  public func repeated(_ counts: [Int], along axis: Int = -1) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "repeated")
    require(
      counts.allSatisfy { $0 >= 0 } && (counts.count == 1 || counts.count == shape[axis]),
      "repeated: the counts \(counts) do not match axis \(axis) of shape \(shape)")
    let places = (0..<shape[axis]).flatMap { place in
      [Int](repeating: place, count: counts[counts.count == 1 ? 0 : place])
    }
    return gathered(at: Tensor(scalars: places, shape: [places.count]), along: axis)
  }
}
