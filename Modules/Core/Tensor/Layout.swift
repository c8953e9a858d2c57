/// Where the elements of a tensor lie in its storage: a shape, a stride for each axis and an
/// offset, all counted in elements.
struct Layout: Sendable {
  let shape: Shape
  let strides: Extents
  /// The first element, counted from where the layout it was derived from begins.
  var offset: Int
  /// The number of elements.
  let count: Int
  /// Whether the elements lie one after the other in row-major order.
  let isDense: Bool

  /// The row-major layout of a shape.
  @inline(__always)
  init(dense shape: Shape) {
    self.shape = shape
    offset = 0
    isDense = true
    var strides = Extents()
    var stride = 1
    var axis = shape.count - 1
    while axis >= 0 {
      strides[axis] = stride
      stride *= shape.extents[axis]
      axis -= 1
    }
    self.strides = strides
    count = stride
  }

  init(shape: Shape, strides: Extents, offset: Int) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
    count = shape.elementCount
    isDense = count == 0 || Layout.isDense(shape, strides)
  }

  private static func isDense(_ shape: Shape, _ strides: Extents) -> Bool {
    var expected = 1
    var axis = shape.count - 1
    while axis >= 0 {
      let extent = shape.extents[axis]
      if extent != 1 {
        if strides[axis] != expected { return false }
        expected *= extent
      }
      axis -= 1
    }
    return true
  }

  /// This layout seen through a larger shape that it broadcasts to: new and stretched axes get
  /// stride 0.
  func broadcast(to target: Shape) -> Layout {
    var result = Extents()
    let lead = target.count - shape.count
    for axis in 0..<shape.count {
      let stretched = shape.extents[axis] == 1 && target.extents[lead + axis] != 1
      result[lead + axis] = stretched ? 0 : strides[axis]
    }
    return Layout(shape: target, strides: result, offset: 0)
  }

  /// The strides under which the same elements, in the same order, have another shape; `nil` when
  /// only a copy can do that.
  func strides(reshapedTo target: Shape) -> Extents? {
    if isDense { return Layout(dense: target).strides }
    var result = Extents()
    // Walk both shapes from the front, matching groups of axes with equal products.
    var old: [(extent: Int, stride: Int)] = []
    for axis in 0..<shape.count where shape.extents[axis] != 1 {
      old.append((shape.extents[axis], strides[axis]))
    }
    var next = 0
    var axis = 0
    while axis < target.count {
      if target.extents[axis] == 1 {
        axis += 1
        continue
      }
      guard next < old.count else { return nil }
      var newEnd = axis + 1
      var newProduct = target.extents[axis]
      var oldEnd = next + 1
      var oldProduct = old[next].extent
      while newProduct != oldProduct {
        if newProduct < oldProduct {
          newProduct *= target.extents[newEnd]
          newEnd += 1
        } else {
          guard old[oldEnd - 1].stride == old[oldEnd].extent * old[oldEnd].stride else {
            return nil
          }
          oldProduct *= old[oldEnd].extent
          oldEnd += 1
        }
      }
      while newEnd < target.count, target.extents[newEnd] == 1 { newEnd += 1 }
      var stride = old[oldEnd - 1].stride
      for inner in (axis..<newEnd).reversed() {
        result[inner] = stride
        stride *= target.extents[inner]
      }
      axis = newEnd
      next = oldEnd
    }
    return result
  }
}
