internal import Kernels

extension Tensor {
  /// Running sums along an axis; integers and truth values sum as `int64`.
  ///
  /// ```
  /// result[…, i, …] = Σ_{j ≤ i} self[…, j, …]
  /// ```
  ///
  /// Sums of `float32` are kept in double precision on the way.
  ///
  /// - Parameters:
  ///   - exclusive: Leave element i itself out: the first result is 0.
  ///   - reversed: Go from the end: sums over j ≥ i.
  public func cumulativeSum(
    along axis: Int = -1, exclusive: Bool = false, reversed: Bool = false
  ) -> Tensor {
    let result = scanned(.sum, along: axis, exclusive, reversed, in: "cumulativeSum")
    return result.recorded(from: self) { upstream, _ in
      upstream.cumulativeSum(along: axis, exclusive: exclusive, reversed: !reversed)
    }
  }

  /// Running products along an axis; integers and truth values multiply as `int64`.
  ///
  /// ```
  /// result[…, i, …] = Π_{j ≤ i} self[…, j, …]
  /// ```
  ///
  /// The derivative, of any order, is exact where elements are 0 and takes time linear in the
  /// count: it is a ``linearRecurrence(_:_:along:reversed:)``.
  ///
  /// - Parameters:
  ///   - exclusive: Leave element i itself out: the first result is 1.
  ///   - reversed: Go from the end: products over j ≥ i.
  public func cumulativeProduct(
    along axis: Int = -1, exclusive: Bool = false, reversed: Bool = false
  ) -> Tensor {
    let result = scanned(.product, along: axis, exclusive, reversed, in: "cumulativeProduct")
    guard isTracked else { return result }
    let saved = Saved(self)
    return result.recorded(from: self) { upstream, node in
      let x = saved.restored(node.first)
      // With e the products before i: ∂/∂xᵢ = eᵢ hᵢ, where hᵢ = uᵢ + xᵢ₊₁ hᵢ₊₁ gathers what comes
      // after. Without its own element, result i + 1 takes the place of i.
      let next = x.shiftedByOne(along: axis, forward: reversed)
      let later = exclusive ? upstream.shiftedByOne(along: axis, forward: reversed) : upstream
      let h = linearRecurrence(next, later, along: axis, reversed: !reversed)
      return h * x.cumulativeProduct(along: axis, exclusive: true, reversed: reversed)
    }
  }

  /// The greatest elements so far along an axis, and their positions as `int64`.
  ///
  /// Of equal elements the first met counts; a NaN stays. The gradient of the values goes back to
  /// where they came from.
  ///
  /// - Parameter reversed: Go from the end.
  public func cumulativeMaximum(
    along axis: Int = -1, reversed: Bool = false
  ) -> (values: Tensor, indices: Tensor) {
    cumulativeExtreme(largest: true, axis, reversed)
  }

  /// The least elements so far along an axis, and their positions as `int64`.
  public func cumulativeMinimum(
    along axis: Int = -1, reversed: Bool = false
  ) -> (values: Tensor, indices: Tensor) {
    cumulativeExtreme(largest: false, axis, reversed)
  }

  private func cumulativeExtreme(
    largest: Bool, _ axis: Int, _ reversed: Bool
  ) -> (values: Tensor, indices: Tensor) {
    let axis = layout.shape.resolved(axis, in: largest ? "cumulativeMaximum" : "cumulativeMinimum")
    let source = detached.contiguous()
    let (outer, inner) = source.extents(around: axis)
    let indices = Tensor(uninitialized: shape, dtype: .int64)
    apus_scan_extremes(
      dtype.kernel, outer, shape[axis], inner, largest, reversed, source.pointer,
      indices.pointer.assumingMemoryBound(to: Int64.self))
    extendLifetime(source.storage)
    return (takenAlong(indices, axis: axis), indices)
  }

  /// The kernel over dense memory; nothing is recorded.
  private func scanned(
    _ kind: apus_scan_kind, along axis: Int, _ exclusive: Bool, _ reversed: Bool,
    in operation: StaticString
  ) -> Tensor {
    let axis = layout.shape.resolved(axis, in: operation)
    let source = detached.contiguous()
    let (outer, inner) = source.extents(around: axis)
    let result = Tensor(uninitialized: shape, dtype: dtype.isFloating ? dtype : .int64)
    apus_scan(
      kind, dtype.kernel, outer, shape[axis], inner, reversed, exclusive, source.pointer,
      result.pointer)
    extendLifetime(source.storage)
    return result
  }

  /// Every element one place on along an axis, forward or backward; 0 enters.
  fileprivate func shiftedByOne(along axis: Int, forward: Bool) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "shifted")
    let extent = shape[axis]
    if extent == 0 { return self }
    var widths = [(before: Int, after: Int)](repeating: (0, 0), count: rank)
    widths[axis] = forward ? (1, 0) : (0, 1)
    return narrowed(axis, from: forward ? 0 : 1, count: extent - 1).padded(widths)
  }
}

/// The states of a linear recurrence along an axis, such as discounted returns or exponential
/// averages.
///
/// ```
/// h[i] = coefficients[i] · h[i − 1] + inputs[i],   h[0] = inputs[0]
/// ```
///
/// Its derivative is a recurrence in the other direction. The first coefficient is not used.
///
/// - Parameters:
///   - coefficients: In the shape of `inputs`, or one that stretches to it.
///   - reversed: Go from the end: h[i] depends on h[i + 1].
/// - Returns: The states, in the shape of `inputs`.
public func linearRecurrence(
  _ coefficients: Tensor, _ inputs: Tensor, along axis: Int = -1, reversed: Bool = false
) -> Tensor {
  let shape = inputs.shape
  require(
    Shape.broadcast(coefficients.shape, shape) == shape,
    "linearRecurrence: coefficients \(coefficients.shape) do not stretch to inputs \(shape)")
  let (a, b) = promoted(floating(coefficients).broadcast(to: shape), floating(inputs))
  let axis = b.layout.shape.resolved(axis, in: "linearRecurrence")
  let (left, right) = (a.detached.contiguous(), b.detached.contiguous())
  let (outer, inner) = right.extents(around: axis)
  let states = Tensor(uninitialized: shape, dtype: b.dtype)
  apus_scan_recurrence(
    b.dtype.kernel, outer, shape[axis], inner, reversed, left.pointer, right.pointer,
    states.pointer)
  extendLifetime(left.storage)
  extendLifetime(right.storage)
  guard a.isTracked || b.isTracked else { return states }
  let (saved, savedStates) = (Saved(a), Saved(states))
  return states.recorded(from: a, b) { upstream, node, needs in
    let next = saved.restored(node.first).shiftedByOne(along: axis, forward: reversed)
    let multipliers = linearRecurrence(next, upstream, along: axis, reversed: !reversed)
    let previous =
      needs[0] ? savedStates.restored(node).shiftedByOne(along: axis, forward: !reversed) : nil
    return Cotangents(previous.map { $0 * multipliers }, needs[1] ? multipliers : nil)
  }
}
