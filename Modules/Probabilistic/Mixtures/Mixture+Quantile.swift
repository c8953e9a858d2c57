public import Core

extension Mixture where Component == Normal {
  /// The value below which a share `probability` lies.
  ///
  /// By bisection between the least and the greatest of the components' own quantiles, then two steps
  /// of Newton's method, through which derivatives to the parameters flow (right up to the third).
  ///
  /// - Parameter probability: Within 0...1; […, batch…] or what broadcasts to that.
  public func quantile(_ probability: Tensor) -> Tensor {
    let p = asValue(probability, dtype)
    let start = withoutDerivative { bisected(p.detached) }
    let isEnd = !start.isFinite()
    if isEnd.any() { return start }
    var value = start
    for _ in 0..<2 {
      let slope = density(value)
      // Between far components the density can be 0: bisection has to be enough there.
      let isFlat = slope.detached .<= 1e-30
      let step = (cumulative(value) - p) / select(isFlat, Tensor(1, dtype: dtype), slope)
      value = value - select(isFlat, Tensor(0, dtype: dtype), step)
    }
    return value
  }

  private func bisected(_ p: Tensor) -> Tensor {
    let own = components.quantile(p.expandingShape(at: -1))
    var (low, high) = (own.minimum(along: -1), own.maximum(along: -1))
    for _ in 0..<(dtype == .float64 ? 60 : 30) {
      let middle = 0.5 * (low + high)
      let isBelow = cumulative(middle) .< p
      low = select(isBelow, middle, low)
      high = select(isBelow, high, middle)
    }
    return 0.5 * (low + high)
  }

  /// The densities of all distributions of the batch at the same values.
  ///
  /// - Parameter values: [points].
  /// - Returns: [points, batch…].
  public func densities(at values: Tensor) -> Tensor {
    require(values.rank == 1, "densities: the values have shape \(values.shape), not [points]")
    let ones = Array(repeatElement(1, count: batchShape.count))
    return density(values.reshaped(Shape([values.count] + ones)))
  }
}
