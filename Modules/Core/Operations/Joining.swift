internal import Kernels

/// The tensors one after the other along an existing axis. Types promote.
///
/// Traps when the other extents differ.
public func concatenated(_ tensors: [Tensor], along axis: Int = 0) -> Tensor {
  require(!tensors.isEmpty, "concatenated: no tensors")
  let dtype = tensors.dropFirst().reduce(tensors[0].dtype) { DType.promoted($0, $1.dtype) }
  let parts = tensors.map { $0.cast(to: dtype) }
  let axis = parts[0].layout.shape.resolved(axis, in: "concatenated")
  var shape = parts[0].shape
  shape[axis] = 0
  for part in parts {
    var others = part.shape
    require(
      others.count == shape.count,
      "concatenated: the shapes \(tensors.map(\.shape)) have different numbers of axes")
    others[axis] = shape[axis]
    require(
      others == shape,
      "concatenated: the shapes \(tensors.map(\.shape)) differ beyond axis \(axis)")
    shape[axis] += part.shape[axis]
  }
  let result = Tensor(uninitialized: shape, dtype: dtype)
  var start = 0
  for part in parts {
    let extent = part.shape[axis]
    let target = result.layout.narrowed(axis, from: start, count: extent)
    write(part.detached, into: result.storage, at: target)
    start += extent
  }
  let sizes = parts.map { $0.shape[axis] }
  return result.recorded(from: parts) { upstream, _, needs in
    var start = 0
    let gradients = sizes.enumerated().map { index, size -> Tensor? in
      defer { start += size }
      return needs[index] ? upstream.narrowed(axis, from: start, count: size) : nil
    }
    return Cotangents(all: gradients)
  }
}

/// The tensors side by side along a new axis. All have one shape; types promote.
public func stacked(_ tensors: [Tensor], along axis: Int = 0) -> Tensor {
  require(!tensors.isEmpty, "stacked: no tensors")
  require(
    tensors.allSatisfy { $0.shape == tensors[0].shape },
    "stacked: the shapes differ: \(tensors.map(\.shape))")
  return concatenated(tensors.map { $0.expandingShape(at: axis) }, along: axis)
}

extension Tensor {
  /// Parts of the given extents along an axis, as views.
  public func split(sizes: [Int], along axis: Int = 0) -> [Tensor] {
    let axis = layout.shape.resolved(axis, in: "split")
    require(
      sizes.reduce(0, +) == shape[axis] && sizes.allSatisfy { $0 >= 0 },
      "split: the sizes \(sizes) do not add up to axis \(axis) of shape \(shape)")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return narrowed(axis, from: start, count: size)
    }
  }

  /// `count` parts of equal extent along an axis, as views.
  public func split(count: Int, along axis: Int = 0) -> [Tensor] {
    let resolved = layout.shape.resolved(axis, in: "split")
    require(
      count > 0 && shape[resolved] % count == 0,
      "split: axis \(resolved) of shape \(shape) does not divide into \(count) equal parts")
    return split(
      sizes: [Int](repeating: shape[resolved] / count, count: count), along: resolved)
  }

  /// The whole tensor `counts[i]` times along each axis i.
  public func tiled(_ counts: [Int]) -> Tensor {
    require(
      counts.count == rank && counts.allSatisfy { $0 >= 0 },
      "tiled: the counts \(counts) do not match shape \(shape)")
    var interleaved: [Int] = []
    var stretched: [Int] = []
    for (extent, count) in zip(shape, counts) {
      interleaved += [1, extent]
      stretched += [count, extent]
    }
    // Pairs of axes (copy, element) need twice the rank: go axis by axis beyond what fits.
    if 2 * rank <= Shape.maximumRank {
      return reshaped(Shape(interleaved)).broadcast(to: Shape(stretched))
        .reshaped(Shape(zip(shape, counts).map(*)))
    }
    var result = self
    for (axis, count) in counts.enumerated() where count != 1 {
      result =
        count == 0
        ? result.narrowed(axis, from: 0, count: 0)
        : concatenated([Tensor](repeating: result, count: count), along: axis)
    }
    return result
  }

  /// Zeros added before and after each axis.
  ///
  /// - Parameter widths: For each axis, how many elements are added before and after.
  public func padded(_ widths: [(before: Int, after: Int)], with value: Double = 0) -> Tensor {
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "padded: the widths \(widths) do not match shape \(shape)")
    let shape = Shape(zip(self.shape, widths).map { $0 + $1.before + $1.after })
    let result = Tensor.full(shape, value, dtype: dtype)
    var target = result.layout
    for (axis, width) in widths.enumerated() {
      target = target.narrowed(axis, from: width.before, count: self.shape[axis])
    }
    write(detached, into: result.storage, at: target)
    let original = self.shape
    return result.recorded(from: self) { upstream, _ in
      var inner = upstream
      for (axis, width) in widths.enumerated() {
        inner = inner.narrowed(axis, from: width.before, count: original[axis])
      }
      return inner
    }
  }

  /// The `count` positions from `start` along an axis, as a view.
  public func narrowed(_ axis: Int, from start: Int, count: Int) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "narrowed")
    require(
      start >= 0 && count >= 0 && start + count <= shape[axis],
      "narrowed: \(start)..<\(start + count) is not within axis \(axis) of shape \(shape)")
    let result = viewed(layout.narrowed(axis, from: start, count: count))
    guard isTracked else { return result }
    let extent = shape[axis]
    let rank = rank
    return result.recorded(from: self) { upstream, _ in
      var widths = [(before: Int, after: Int)](repeating: (0, 0), count: rank)
      widths[axis] = (start, extent - start - count)
      return upstream.padded(widths)
    }
  }
}

extension Layout {
  /// The part of an axis, without a check.
  func narrowed(_ axis: Int, from start: Int, count: Int) -> Layout {
    var shape = shape
    shape.extents[axis] = count
    return Layout(shape: shape, strides: strides, offset: offset + start * strides[axis])
  }
}

/// Copies `source` to the places of `target`, which has its shape; nobody else may hold `storage`.
func write(_ source: Tensor, into storage: Storage, at target: Layout) {
  let base = storage.pointer + target.offset * source.dtype.byteCount
  source.layout.shape.extents.withPointer { shape in
    source.layout.strides.withPointer { from in
      target.strides.withPointer { to in
        apus_copy(
          source.dtype.kernel, Int32(source.rank), shape, source.pointer, from, base, to)
      }
    }
  }
  extendLifetime(source.storage)
  extendLifetime(storage)
}
