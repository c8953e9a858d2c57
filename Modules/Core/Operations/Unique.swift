extension Tensor {
  /// The distinct elements in ascending order, where each element is among them, and how often each
  /// occurs.
  ///
  /// ```swift
  /// let (values, inverse, counts) = Tensor([3, 1, 3]).unique()   // [1, 3], [1, 0, 1], [1, 2]
  /// values.gathered(at: inverse)                                  // [3, 1, 3] again
  /// ```
  ///
  /// All NaNs count as one value, which comes last; 0 and −0 are equal. The results are constants.
  ///
  /// - Returns: The values, [number of distinct elements]; the inverse, `int64` in this tensor's
  ///   shape; the counts, `int64` beside the values.
  /// - Complexity: That of sorting.
  public func unique() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    let flat = detached.flattened()
    if flat.count == 0 {
      let none = Tensor.zeros([0], dtype: .int64)
      return (flat, Tensor.zeros(layout.shape, dtype: .int64), none)
    }
    let order = flat.argsort()
    let sorted = flat.gathered(at: order)
    let (previous, current) = (sorted[0..<(count - 1)], sorted[1...])
    let isSame = (previous .== current) .|| (previous.isNaN() .&& current.isNaN())
    let isFirst = concatenated([Tensor([true]), !isSame])
    let starts = isFirst.truePositions()
    let ends = concatenated([starts[1...], Tensor([count])])
    let group = isFirst.cumulativeSum() - 1
    let inverse = Tensor.zeros([count], dtype: .int64).replacing(group, at: order)
    return (sorted.gathered(at: starts), inverse.reshaped(layout.shape), ends - starts)
  }
}
