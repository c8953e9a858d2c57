import Core

extension GaussianEmbedding {
  /// Moves all words to the nearest Gaussians within bounds.
  ///
  /// - Parameter bounds: On the norms of the means and the eigenvalues of the covariances.
  public func clamp(to bounds: GaussianBounds) {
    if let longest = bounds.meanNorm {
      let means = mean.value.detached
      let norms = sqrt(square(means).sum(along: -1, keepingAxes: true))
      mean.value = select(norms .> longest, means * (longest / norms), means)
    }
    guard let range = bounds.eigenvalues else { return }
    let scales = scale.value.detached
    guard covariance == .full else {
      let limits = log(Tensor([range.lowerBound, range.upperBound])).scalars(as: Double.self)
      scale.value = clamped(scales, limits[0], limits[1])
      return
    }
    let factor = scales.cast(to: .float64).choleskyFactor(dimension)
    let (values, vectors) = symmetricEigen(matmul(factor, factor.transposed()))
    let inside = clamped(values, range.lowerBound, range.upperBound)
    let matrices = matmul(vectors * inside.expandingShape(at: -2), vectors.transposed())
    // Words within the bounds keep their bits.
    let isInside = (values .== inside).all(along: -1).expandingShape(at: -1)
    let packed = cholesky(matrices).packedFactor().cast(to: scale.dtype)
    scale.value = select(isInside, scales, packed)
  }
}

private func clamped(_ x: Tensor, _ low: Double, _ high: Double) -> Tensor {
  let ones = Tensor.ones([], dtype: x.dtype)
  return select(x .< low, low * ones, select(x .> high, high * ones, x))
}
