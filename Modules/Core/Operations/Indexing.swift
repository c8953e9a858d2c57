/// Something that stands in a tensor's subscript for one axis: an integer, a range, a stride,
/// ``all``, ``newAxis`` or ``ellipsis``.
public protocol TensorIndex {
  /// What it selects.
  var tensorIndex: TensorIndexKind { get }
}

/// What a subscript asks of one axis.
public enum TensorIndexKind: Sendable {
  /// One position: the axis goes. Negative ones count from the end.
  case position(Int)
  /// The positions from `lower` (default: the first) up to, without, `upper` (default: the end).
  case range(lower: Int?, upper: Int?)
  /// Every `step`-th position of a range; negative steps go backward.
  case stride(first: Int, count: Int, step: Int)
  /// A new axis of extent 1.
  case newAxis
  /// As many whole axes as the other indices leave.
  case ellipsis
}

extension Int: TensorIndex {
  public var tensorIndex: TensorIndexKind { .position(self) }
}

extension Range<Int>: TensorIndex {
  public var tensorIndex: TensorIndexKind { .range(lower: lowerBound, upper: upperBound) }
}

extension ClosedRange<Int>: TensorIndex {
  public var tensorIndex: TensorIndexKind { .range(lower: lowerBound, upper: upperBound + 1) }
}

extension PartialRangeFrom<Int>: TensorIndex {
  public var tensorIndex: TensorIndexKind { .range(lower: lowerBound, upper: nil) }
}

extension PartialRangeUpTo<Int>: TensorIndex {
  public var tensorIndex: TensorIndexKind { .range(lower: nil, upper: upperBound) }
}

extension PartialRangeThrough<Int>: TensorIndex {
  public var tensorIndex: TensorIndexKind { .range(lower: nil, upper: upperBound + 1) }
}

extension StrideTo<Int>: TensorIndex {
  public var tensorIndex: TensorIndexKind { strideIndex(Array(self)) }
}

extension StrideThrough<Int>: TensorIndex {
  public var tensorIndex: TensorIndexKind { strideIndex(Array(self)) }
}

private func strideIndex(_ positions: [Int]) -> TensorIndexKind {
  .stride(
    first: positions.first ?? 0, count: positions.count,
    step: positions.count > 1 ? positions[1] - positions[0] : 1)
}

/// An index that is no number: ``TensorIndex/all``, ``TensorIndex/newAxis`` and
/// ``TensorIndex/ellipsis``.
public struct AxisIndex: TensorIndex, Sendable {
  public let tensorIndex: TensorIndexKind
}

extension TensorIndex where Self == AxisIndex {
  /// The whole axis.
  public static var all: AxisIndex { AxisIndex(tensorIndex: .range(lower: nil, upper: nil)) }
  /// A new axis of extent 1.
  public static var newAxis: AxisIndex { AxisIndex(tensorIndex: .newAxis) }
  /// As many whole axes as the other indices leave.
  public static var ellipsis: AxisIndex { AxisIndex(tensorIndex: .ellipsis) }
}

// The compiler cannot yet form a writable subscript over a parameter pack, hence one overload for
// each number of axes.
extension Tensor {
  /// A view of part of this tensor, by one index for each leading axis; assigning to it writes
  /// that part.
  ///
  /// ```swift
  /// [x[0], x[0, 1...], x[.all, -1], x[stride(from: 0, to: 8, by: 2)], x[.ellipsis, 0], x[.newAxis]]
  /// ```
  ///
  /// Traps when an index is out of range. Both reading and writing are differentiable.
  public subscript(_ i: some TensorIndex) -> Tensor {
    get { part([i.tensorIndex]) }
    set { assign(newValue, to: [i.tensorIndex]) }
  }

  /// A view of part of this tensor, by one index for each leading axis.
  public subscript(_ i: some TensorIndex, _ j: some TensorIndex) -> Tensor {
    get { part([i.tensorIndex, j.tensorIndex]) }
    set { assign(newValue, to: [i.tensorIndex, j.tensorIndex]) }
  }

  /// A view of part of this tensor, by one index for each leading axis.
  public subscript(
    _ i: some TensorIndex, _ j: some TensorIndex, _ k: some TensorIndex
  ) -> Tensor {
    get { part([i.tensorIndex, j.tensorIndex, k.tensorIndex]) }
    set { assign(newValue, to: [i.tensorIndex, j.tensorIndex, k.tensorIndex]) }
  }

  /// A view of part of this tensor, by one index for each leading axis.
  public subscript(
    _ i: some TensorIndex, _ j: some TensorIndex, _ k: some TensorIndex, _ l: some TensorIndex
  ) -> Tensor {
    get { part([i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex]) }
    set { assign(newValue, to: [i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex]) }
  }

  /// A view of part of this tensor, by one index for each leading axis.
  public subscript(
    _ i: some TensorIndex, _ j: some TensorIndex, _ k: some TensorIndex, _ l: some TensorIndex,
    _ m: some TensorIndex
  ) -> Tensor {
    get { part([i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex, m.tensorIndex]) }
    set {
      assign(
        newValue,
        to: [i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex, m.tensorIndex])
    }
  }

  /// A view of part of this tensor, by one index for each leading axis.
  public subscript(
    _ i: some TensorIndex, _ j: some TensorIndex, _ k: some TensorIndex, _ l: some TensorIndex,
    _ m: some TensorIndex, _ n: some TensorIndex
  ) -> Tensor {
    get {
      part([
        i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex, m.tensorIndex, n.tensorIndex,
      ])
    }
    set {
      assign(
        newValue,
        to: [
          i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex, m.tensorIndex, n.tensorIndex,
        ])
    }
  }

  /// A view of part of this tensor, by one index for each leading axis.
  public subscript(
    _ i: some TensorIndex, _ j: some TensorIndex, _ k: some TensorIndex, _ l: some TensorIndex,
    _ m: some TensorIndex, _ n: some TensorIndex, _ o: some TensorIndex
  ) -> Tensor {
    get {
      part([
        i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex, m.tensorIndex, n.tensorIndex,
        o.tensorIndex,
      ])
    }
    set {
      assign(
        newValue,
        to: [
          i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex, m.tensorIndex, n.tensorIndex,
          o.tensorIndex,
        ])
    }
  }

  /// A view of part of this tensor, by one index for each leading axis.
  public subscript(
    _ i: some TensorIndex, _ j: some TensorIndex, _ k: some TensorIndex, _ l: some TensorIndex,
    _ m: some TensorIndex, _ n: some TensorIndex, _ o: some TensorIndex, _ p: some TensorIndex
  ) -> Tensor {
    get {
      part([
        i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex, m.tensorIndex, n.tensorIndex,
        o.tensorIndex, p.tensorIndex,
      ])
    }
    set {
      assign(
        newValue,
        to: [
          i.tensorIndex, j.tensorIndex, k.tensorIndex, l.tensorIndex, m.tensorIndex, n.tensorIndex,
          o.tensorIndex, p.tensorIndex,
        ])
    }
  }
}

// MARK: - Reading and writing a part

extension Tensor {
  private func part(_ indices: [TensorIndexKind]) -> Tensor {
    let view = layout.part(indices)
    let result = viewed(view)
    guard isTracked else { return result }
    let original = layout.shape
    return result.recorded(from: self) { upstream, _ in
      upstream.spread(over: indices, of: original)
    }
  }

  /// Zeros of `shape` with this tensor at the part that `indices` name: the transpose of reading.
  private func spread(over indices: [TensorIndexKind], of shape: Shape) -> Tensor {
    let result = Tensor.zeros(shape, dtype: dtype)
    write(detached, into: result.storage, at: result.layout.part(indices))
    return result.recorded(from: self) { upstream, _ in upstream.part(indices) }
  }

  private mutating func assign(_ value: Tensor, to indices: [TensorIndexKind]) {
    let target = layout.part(indices).shape
    require(
      Shape.broadcast(value.shape, target) == target,
      "subscript: a value of shape \(value.shape) does not fit the part of shape \(target)")
    let value = value.cast(to: dtype).broadcast(to: target)
    // The history alone: holding the old value too would make the write below copy.
    var history = Tensor.empty
    history.node = node
    node = nil
    makeUnique()
    write(value.detached, into: storage, at: layout.part(indices))
    guard history.isTracked || value.isTracked else { return }
    self = recorded(from: history, value) { upstream, _, needs in
      var outside: Tensor?
      if needs[0] {
        let zero = Tensor.zeros(target, dtype: upstream.dtype)
        var masked = upstream
        masked.assign(zero, to: indices)
        outside = masked
      }
      return Cotangents(outside, needs[1] ? upstream.part(indices) : nil)
    }
  }

  private static let empty = Tensor(uninitialized: [0], dtype: .float32)
}

extension Layout {
  /// The layout of the part that `indices` name.
  func part(_ indices: [TensorIndexKind]) -> Layout {
    var extents = Extents()
    var strides = Extents()
    var rank = 0
    var offset = offset
    var axis = 0
    func keep(_ extent: Int, _ stride: Int) {
      require(rank < Shape.maximumRank, "subscript: more than \(Shape.maximumRank) axes")
      extents[rank] = extent
      strides[rank] = stride
      rank += 1
    }
    func keepWhole() {
      keep(shape.extents[axis], self.strides[axis])
      axis += 1
    }
    let consumed = indices.reduce(0) { count, index in
      switch index {
      case .newAxis, .ellipsis: count
      default: count + 1
      }
    }
    require(consumed <= shape.count, "subscript: \(consumed) indices for shape \(shape)")
    var sawEllipsis = false
    for index in indices {
      switch index {
      case .newAxis:
        keep(1, 0)
      case .ellipsis:
        require(!sawEllipsis, "subscript: more than one ellipsis")
        sawEllipsis = true
        for _ in 0..<(shape.count - consumed) { keepWhole() }
      case .position(let position):
        let extent = shape.extents[axis]
        let resolved = position < 0 ? position + extent : position
        require(
          resolved >= 0 && resolved < extent,
          "subscript: position \(position) is not within axis \(axis) of shape \(shape)")
        offset += resolved * self.strides[axis]
        axis += 1
      case .range(let lower, let upper):
        let extent = shape.extents[axis]
        let (first, end) = (lower ?? 0, upper ?? extent)
        require(
          first >= 0 && first <= end && end <= extent,
          "subscript: \(first)..<\(end) is not within axis \(axis) of shape \(shape)")
        offset += first * self.strides[axis]
        keep(end - first, self.strides[axis])
        axis += 1
      case .stride(let first, let count, let step):
        let extent = shape.extents[axis]
        let last = first + max(count - 1, 0) * step
        require(
          count == 0 || (first >= 0 && first < extent && last >= 0 && last < extent),
          "subscript: \(first) to \(last) by \(step) is not within axis \(axis) of shape \(shape)")
        offset += count == 0 ? 0 : first * self.strides[axis]
        keep(count, step * self.strides[axis])
        axis += 1
      }
    }
    while axis < shape.count { keepWhole() }
    return Layout(shape: Shape(extents: extents, count: rank), strides: strides, offset: offset)
  }
}
