internal import Kernels

extension Tensor {
  /// The sum of all elements; an integer or bool tensor sums as `int64`.
  public func sum() -> Tensor { sum(over: allAxes, keepingAxes: false) }

  /// The sum along the given axes.
  ///
  /// - Parameter keepingAxes: Keep the reduced axes, with extent 1, so that the result broadcasts
  ///   against this tensor.
  public func sum(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
    sum(over: mask(of: axes, in: "sum"), keepingAxes: keepingAxes)
  }

  /// The sums along the axes.
  public func sum(along axes: [Int], keepingAxes: Bool = false) -> Tensor {
    sum(over: mask(of: axes, in: "sum"), keepingAxes: keepingAxes)
  }

  /// The mean of all elements, in floating point.
  public func mean() -> Tensor { mean(over: allAxes, keepingAxes: false) }

  /// The mean along the given axes.
  public func mean(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
    mean(over: mask(of: axes, in: "mean"), keepingAxes: keepingAxes)
  }

  /// The means along the axes.
  public func mean(along axes: [Int], keepingAxes: Bool = false) -> Tensor {
    mean(over: mask(of: axes, in: "mean"), keepingAxes: keepingAxes)
  }

  /// The mean squared distance from the mean, of all elements.
  ///
  /// - Parameter correction: What is subtracted from the count in the denominator: 0 for the
  ///   population's variance, 1 for Bessel's estimate.
  public func variance(correction: Double = 0) -> Tensor {
    variance(along: Array(0..<rank), keepingAxes: false, correction: correction)
  }

  /// The mean squared distance from the mean along the given axes.
  public func variance(
    along axes: Int..., keepingAxes: Bool = false, correction: Double = 0
  ) -> Tensor {
    variance(along: axes, keepingAxes: keepingAxes, correction: correction)
  }

  /// The variances along the axes.
  public func variance(
    along axes: [Int], keepingAxes: Bool = false, correction: Double = 0
  ) -> Tensor {
    let x = floating(self)
    let centred = x - x.mean(along: axes, keepingAxes: true)
    let reduced = mask(of: axes, in: "variance")
    return square(centred).sum(along: axes, keepingAxes: keepingAxes)
      / (Double(extent(of: reduced)) - correction)
  }

  /// The product of all elements.
  public func product() -> Tensor { product(over: allAxes, keepingAxes: false) }

  /// The product along the given axes.
  public func product(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
    product(along: axes, keepingAxes: keepingAxes)
  }

  /// The products along the axes.
  public func product(along axes: [Int], keepingAxes: Bool = false) -> Tensor {
    product(over: mask(of: axes, in: "product"), keepingAxes: keepingAxes)
  }

  /// The greatest element. Equal ones share the gradient; a NaN wins.
  public func maximum() -> Tensor { extremum(.maximum, over: allAxes, keepingAxes: false) }

  /// The greatest elements along the given axes.
  public func maximum(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
    maximum(along: axes, keepingAxes: keepingAxes)
  }

  /// The greatest elements along the axes.
  public func maximum(along axes: [Int], keepingAxes: Bool = false) -> Tensor {
    extremum(.maximum, over: mask(of: axes, in: "maximum"), keepingAxes: keepingAxes)
  }

  /// The least element. Equal ones share the gradient; a NaN wins.
  public func minimum() -> Tensor { extremum(.minimum, over: allAxes, keepingAxes: false) }

  /// The least elements along the given axes.
  public func minimum(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
    minimum(along: axes, keepingAxes: keepingAxes)
  }

  /// The least elements along the axes.
  public func minimum(along axes: [Int], keepingAxes: Bool = false) -> Tensor {
    extremum(.minimum, over: mask(of: axes, in: "minimum"), keepingAxes: keepingAxes)
  }

  /// The row-major position of the greatest element, the first of equals.
  public func argmax() -> Int { Int(apply(.argmax, self, axes: allAxes, dtype: .int64).item()) }

  /// The positions of the greatest elements along an axis, as `int64`.
  public func argmax(along axis: Int, keepingAxes: Bool = false) -> Tensor {
    position(.argmax, axis, keepingAxes)
  }

  /// The row-major position of the least element, the first of equals.
  public func argmin() -> Int { Int(apply(.argmin, self, axes: allAxes, dtype: .int64).item()) }

  /// The positions of the least elements along an axis, as `int64`.
  public func argmin(along axis: Int, keepingAxes: Bool = false) -> Tensor {
    position(.argmin, axis, keepingAxes)
  }

  /// Whether some element is not 0.
  public func any() -> Bool { apply(.any, self, axes: allAxes, dtype: .bool).item() != 0 }

  /// Whether no element is 0.
  public func all() -> Bool { apply(.all, self, axes: allAxes, dtype: .bool).item() != 0 }

  /// Whether some element along the given axes is not 0.
  public func any(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
    any(along: axes, keepingAxes: keepingAxes)
  }

  /// Whether some element along the axes is true.
  public func any(along axes: [Int], keepingAxes: Bool = false) -> Tensor {
    keep(apply(.any, self, axes: mask(of: axes, in: "any"), dtype: .bool), axes, keepingAxes)
  }

  /// Whether no element along the given axes is 0.
  public func all(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
    all(along: axes, keepingAxes: keepingAxes)
  }

  /// Whether all elements along the axes are true.
  public func all(along axes: [Int], keepingAxes: Bool = false) -> Tensor {
    keep(apply(.all, self, axes: mask(of: axes, in: "all"), dtype: .bool), axes, keepingAxes)
  }

  /// The Euclidean norm of all elements; the gradient at 0 is taken as 0.
  public func norm() -> Tensor {
    let squares = square(floating(self)).sum()
    guard squares.isTracked else { return sqrt(squares) }
    let isZero = squares .== 0
    let one = Tensor.ones(like: squares)
    return select(isZero, Tensor.zeros(like: squares), sqrt(select(isZero, one, squares)))
  }
}

/// ln Σ e^x along an axis, without overflow.
public func logSumExp(_ x: Tensor, along axis: Int = -1, keepingAxes: Bool = false) -> Tensor {
  let x = floating(x)
  let axes = x.mask(of: [axis], in: "logSumExp")
  let full = apply(.log_sum_exp, x, axes: axes, dtype: x.dtype)
  let result = keepingAxes ? full.reshaped(x.shapeKeeping(axes)) : full
  guard x.isTracked else { return result }
  let saved = Saved(x)
  let kept = x.shapeKeeping(axes)
  return result.recorded(from: x) { upstream, node in
    // Not e^(x − result), which loses digits where x is large.
    upstream.reshaped(kept) * softmax(saved.restored(node.first), along: axis)
  }
}

// MARK: - The reductions over a set of axes, as a bit mask

extension Tensor {
  var allAxes: UInt32 { (1 << UInt32(rank)) - 1 }

  func mask(of axes: [Int], in operation: StaticString) -> UInt32 {
    var mask: UInt32 = 0
    for axis in axes {
      let bit: UInt32 = 1 << UInt32(layout.shape.resolved(axis, in: operation))
      require(mask & bit == 0, "\(operation): axis \(axis) is named twice in \(axes)")
      mask |= bit
    }
    return mask
  }

  /// This shape with the extents of the reduced axes set to 1.
  func shapeKeeping(_ axes: UInt32) -> Shape {
    var result = layout.shape
    for axis in 0..<rank where axes & (1 << UInt32(axis)) != 0 { result.extents[axis] = 1 }
    return result
  }

  /// How many elements each result comes from.
  func extent(of axes: UInt32) -> Int {
    var product = 1
    for axis in 0..<rank where axes & (1 << UInt32(axis)) != 0 {
      product *= layout.shape.extents[axis]
    }
    return product
  }

  private func keep(_ result: Tensor, _ axes: [Int], _ keepingAxes: Bool) -> Tensor {
    keepingAxes ? result.reshaped(shapeKeeping(mask(of: axes, in: "any"))) : result
  }

  private func position(_ operation: apus_reduction, _ axis: Int, _ keepingAxes: Bool) -> Tensor {
    let axes = mask(of: [axis], in: "argmax")
    require(
      extent(of: axes) > 0 || count == 0 && extent(of: allAxes & ~axes) == 0,
      "argmax: axis \(axis) of shape \(shape) is empty")
    let result = apply(operation, self, axes: axes, dtype: .int64)
    return keepingAxes ? result.reshaped(shapeKeeping(axes)) : result
  }

  @inline(never)
  private func sum(over axes: UInt32, keepingAxes: Bool) -> Tensor {
    let reduced = apply(.sum, self, axes: axes, dtype: dtype.isFloating ? dtype : .int64)
    let result = keepingAxes ? reduced.reshaped(shapeKeeping(axes)) : reduced
    guard isTracked else { return result }
    let original = layout.shape
    let kept = shapeKeeping(axes)
    return result.recorded(from: self) { upstream, _ in
      upstream.reshaped(kept).broadcast(to: original)
    }
  }

  @inline(never)
  private func mean(over axes: UInt32, keepingAxes: Bool) -> Tensor {
    let x = floating(self)
    let scale = 1 / Double(extent(of: axes))
    let reduced = apply(
      .multiply, apply(.sum, x, axes: axes, dtype: x.dtype), scalar: scale)
    let result = keepingAxes ? reduced.reshaped(shapeKeeping(axes)) : reduced
    guard x.isTracked else { return result }
    let original = layout.shape
    let kept = shapeKeeping(axes)
    return result.recorded(from: x) { upstream, _ in
      (upstream * scale).reshaped(kept).broadcast(to: original)
    }
  }

  private func product(over axes: UInt32, keepingAxes: Bool) -> Tensor {
    let reduced = apply(.product, self, axes: axes, dtype: dtype.isFloating ? dtype : .int64)
    let result = keepingAxes ? reduced.reshaped(shapeKeeping(axes)) : reduced
    guard isTracked else { return result }
    let saved = Saved(self)
    let kept = shapeKeeping(axes)
    return result.recorded(from: self) { upstream, node in
      upstream.reshaped(kept) * saved.restored(node.first).productOfOthers(axes)
    }
  }

  /// For each element, the product of the others that reduce to the same result: exact where
  /// elements are 0, which the quotient by the element would not be.
  private func productOfOthers(_ axes: UInt32) -> Tensor {
    if count == 0 { return self }
    let reduced = (0..<rank).filter { axes & (1 << UInt32($0)) != 0 }
    let order = (0..<rank).filter { axes & (1 << UInt32($0)) == 0 } + reduced
    let length = extent(of: axes)
    let rows = permuted(order).reshaped([-1, length])
    // Products of what comes before and of what comes after, by doubling strides.
    let one = Tensor.ones([rows.shape[0], 1], dtype: dtype)
    var before = [one]
    var after = [one]
    for index in 0..<max(length - 1, 0) {
      before.append(before[index] * rows[0..., index..<(index + 1)])
      after.append(after[index] * rows[0..., (length - 1 - index)..<(length - index)])
    }
    let others = concatenated(before, along: 1) * concatenated(after.reversed(), along: 1)
    var inverse = [Int](repeating: 0, count: rank)
    for (position, axis) in order.enumerated() { inverse[axis] = position }
    return others.reshaped(Shape(order.map { shape[$0] })).permuted(inverse)
  }

  private func extremum(
    _ operation: apus_reduction, over axes: UInt32, keepingAxes: Bool
  ) -> Tensor {
    require(
      extent(of: axes) > 0 || count == 0 && extent(of: allAxes & ~axes) == 0,
      "maximum/minimum: an axis of shape \(shape) to reduce is empty")
    let reduced = apply(operation, self, axes: axes, dtype: dtype)
    let result = keepingAxes ? reduced.reshaped(shapeKeeping(axes)) : reduced
    guard isTracked else { return result }
    let saved = Saved(self)
    let savedResult = Saved(result)
    let kept = shapeKeeping(axes)
    return result.recorded(from: self) { upstream, _ in
      let winners = (saved.restored(nil) .== savedResult.restored(nil).reshaped(kept))
        .cast(to: upstream.dtype)
      let ties = apply(.sum, winners, axes: axes, dtype: upstream.dtype).reshaped(kept)
      return upstream.reshaped(kept) * (winners / ties)
    }
  }
}
