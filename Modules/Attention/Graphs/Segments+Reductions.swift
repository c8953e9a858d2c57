import Core
internal import Kernels

extension Segments {
  /// The sum over the rows of each run: [rows, …] → [runs, …]; 0 for an empty run.
  public func sum(_ x: Tensor) -> Tensor {
    let x = rows(x, in: "Segments.sum")
    let result = Tensor(uninitialized: resultShape(of: x), dtype: x.dtype)
    withGroups { groups in
      apus_group_sum(x.dtype.kernel, groups, 1, x.width, x.pointer, nil, result.pointer)
    }
    extendLifetime(x.storage)
    let segments = self
    return result.recorded(from: x) { upstream, _ in segments.spread(upstream) }
  }

  /// The mean over the rows of each run: [rows, …] → [runs, …]; 0 for an empty run.
  public func mean(_ x: Tensor) -> Tensor {
    let sum = sum(x)
    let sizes = select(lengths .> 0, lengths, Tensor.ones([count], dtype: .int64))
    let extents = [count] + [Int](repeating: 1, count: sum.rank - 1)
    return sum / sizes.cast(to: sum.dtype).reshaped(extents)
  }

  /// The greatest of the rows of each run, element by element: [rows, …] → [runs, …].
  ///
  /// An empty run gives 0. Of equals the first counts: the whole derivative goes there.
  public func maximum(_ x: Tensor) -> Tensor {
    let x = rows(x, in: "Segments.maximum")
    let shape = resultShape(of: x)
    let result = Tensor(uninitialized: shape, dtype: x.dtype)
    let places = Tensor(uninitialized: shape, dtype: .int64)
    withOffsets { offsets in
      apus_group_maximum(
        x.dtype.kernel, count, offsets, x.width, x.pointer, result.pointer,
        places.pointer.assumingMemoryBound(to: Int64.self))
    }
    extendLifetime(x.storage)
    guard x.isTracked, rowCount > 0 else { return result }
    let isThere = places .>= 0
    let rows = select(isThere, places, Tensor.zeros(like: places))
    let picked = x.takenAlong(rows, axis: 0)
    return isThere.all() ? picked : select(isThere, picked, Tensor.zeros(like: result))
  }

  /// The softmax over the rows of each run, for each column by itself: [rows, …] → [rows, …].
  ///
  /// ```
  /// yₑ = exp(xₑ) / Σ exp(xₖ) over the rows k of the run of e
  /// ```
  ///
  /// The greatest row is subtracted first, so that nothing overflows.
  public func softmax(_ x: Tensor) -> Tensor {
    let x = rows(x, in: "Segments.softmax")
    let y = Tensor(uninitialized: x.shape, dtype: x.dtype)
    withOffsets { offsets in
      apus_group_softmax(x.dtype.kernel, count, offsets, x.width, x.pointer, y.pointer)
    }
    extendLifetime(x.storage)
    guard x.isTracked else { return y }
    let saved = Saved(y)
    let segments = self
    return y.recorded(from: x) { upstream, node in
      if isRecording() {
        let y = saved.restored(node)
        return y * (upstream - segments.spread(segments.sum(upstream * y)))
      }
      let (y, upstream) = (saved.restored(nil), upstream.contiguous())
      let result = Tensor(uninitialized: y.shape, dtype: y.dtype)
      segments.withOffsets { offsets in
        apus_group_softmax_backward(
          y.dtype.kernel, segments.count, offsets, y.width, y.pointer, upstream.pointer,
          result.pointer)
      }
      extendLifetime(y.storage)
      extendLifetime(upstream.storage)
      return result
    }
  }

  // MARK: - For kernels

  func withOffsets(_ body: (UnsafePointer<Int64>) -> Void) {
    withExtendedLifetime(offsets) {
      body(UnsafePointer(offsets.pointer.assumingMemoryBound(to: Int64.self)))
    }
  }

  /// The runs with, if given, the row of each entry, and the place of its weight.
  func withGroups(
    rows: Tensor? = nil, places: Tensor? = nil, _ body: (UnsafePointer<apus_groups>) -> Void
  ) {
    func pointer(_ tensor: Tensor?) -> UnsafePointer<Int64>? {
      tensor.map { UnsafePointer($0.pointer.assumingMemoryBound(to: Int64.self)) }
    }
    withExtendedLifetime((offsets, rows, places)) {
      var groups = apus_groups(
        count: count, offsets: pointer(offsets), rows: pointer(rows), places: pointer(places))
      body(&groups)
    }
  }
}

extension Tensor {
  /// The elements of one row.
  var width: Int { shape.dropFirst().reduce(1, *) }
}
