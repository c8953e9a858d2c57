internal import Kernels

extension Tensor {
  /// Every window of `size` elements along an axis, as a view: nothing is copied.
  ///
  /// ```
  /// result[…, w, …, k] = self[…, w · stride + k · dilation, …]
  /// ```
  ///
  /// - Parameters:
  ///   - size: Elements of a window, 1 or more.
  ///   - stride: From one window to the next.
  ///   - dilation: From one element of a window to its next.
  /// - Returns: The shape with the number of windows in place of the axis, and a new last axis of
  ///   extent `size`. Too short an axis has no windows.
  public func slidingWindows(
    size: Int, along axis: Int = -1, stride: Int = 1, dilation: Int = 1
  ) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "slidingWindows")
    require(
      size > 0 && stride > 0 && dilation > 0,
      "slidingWindows: size \(size), stride \(stride) and dilation \(dilation) must be positive")
    require(
      rank < Shape.maximumRank,
      "slidingWindows: shape \(shape) leaves no room for another axis")
    return windowed(Windows(axis: axis, size: size, stride: stride, dilation: dilation))
  }

  private func windowed(_ windows: Windows) -> Tensor {
    let result = viewed(windows.layout(over: layout))
    guard isTracked else { return result }
    let original = layout.shape
    return result.recorded(from: self) { upstream, _ in
      upstream.overlapAdded(windows, into: original)
    }
  }

  /// The transpose of taking windows: zeros of `shape` with each window added in its place.
  private func overlapAdded(_ windows: Windows, into shape: Shape) -> Tensor {
    let result = Tensor.zeros(shape, dtype: dtype)
    let target = windows.layout(over: result.layout)
    for element in 0..<windows.size {
      // One element of each window: places that are distinct.
      let source = detached[.ellipsis, element]
      let from = target.offset + element * target.strides[target.shape.count - 1]
      source.layout.shape.extents.withPointer { extents in
        source.layout.strides.withPointer { strides in
          target.strides.withPointer { targetStrides in
            apus_accumulate(
              dtype.kernel, Int32(source.rank), extents, source.pointer, strides,
              result.pointer + from * dtype.byteCount, targetStrides)
          }
        }
      }
      extendLifetime(source.storage)
    }
    extendLifetime(result.storage)
    return result.recorded(from: self) { upstream, _ in upstream.windowed(windows) }
  }
}

/// Windows along one axis.
private struct Windows {
  let axis, size, stride, dilation: Int

  func layout(over whole: Layout) -> Layout {
    var extents = whole.shape.extents
    var strides = whole.strides
    let rank = whole.shape.count
    let room = extents[axis] - (size - 1) * dilation
    extents[axis] = room > 0 ? (room - 1) / stride + 1 : 0
    extents[rank] = size
    strides[rank] = strides[axis] * dilation
    strides[axis] *= stride
    return Layout(
      shape: Shape(extents: extents, count: rank + 1), strides: strides, offset: whole.offset)
  }
}
