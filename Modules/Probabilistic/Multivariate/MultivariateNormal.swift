public import Core

/// The multivariate normal distribution, with a full, a diagonal or a low-rank covariance.
///
/// ```
/// p(x) = exp(−½ (x − μ)ᵀ Σ⁻¹ (x − μ)) / √|2πΣ|
/// ```
///
/// The covariance never has to be inverted: a full one is kept as its Cholesky factor, one of low rank,
/// Σ = W Wᵀ + diag(v), goes by Woodbury's identity, in O(d r²).
public struct MultivariateNormal: ReparameterizedDistribution, EntropicDistribution {
  /// μ, [batch…, d].
  public let mean: Tensor
  let scale: CovarianceScale

  /// - Parameters:
  ///   - mean: μ, [batch…, d].
  ///   - covariance: Σ, [batch…, d, d], symmetric; its factor is NaN unless it is positive definite.
  public init(mean: Tensor, covariance: Tensor) {
    self.init(mean: mean, choleskyFactor: cholesky(covariance))
  }

  /// - Parameter choleskyFactor: L, [batch…, d, d], lower triangular with a positive diagonal;
  ///   Σ = L Lᵀ. What is above the diagonal is not read.
  public init(mean: Tensor, choleskyFactor: Tensor) {
    let factor = floating(choleskyFactor)
    require(
      factor.rank >= 2 && factor.shape[factor.rank - 1] == factor.shape[factor.rank - 2],
      "MultivariateNormal: a Cholesky factor of shape \(factor.shape) is not square")
    self.init(mean: mean, .full(lowerTriangle(factor)))
  }

  /// - Parameter deviations: σ, [batch…, d]; Σ = diag(σ²). Others than positive ones trap.
  public init(mean: Tensor, deviations: Tensor) {
    requirePositive(deviations, "deviation", of: "MultivariateNormal")
    self.init(mean: mean, .diagonal(floating(deviations)))
  }

  /// - Parameters:
  ///   - factor: W, [batch…, d, r].
  ///   - diagonal: v, [batch…, d], positive variances; others trap.
  public init(mean: Tensor, factor: Tensor, diagonal: Tensor) {
    requirePositive(diagonal, "variance", of: "MultivariateNormal")
    require(
      factor.rank >= 2, "MultivariateNormal: a factor of shape \(factor.shape) is no matrix")
    self.init(mean: mean, .lowRank(LowRankScale(floating(factor), floating(diagonal))))
  }

  private init(mean: Tensor, _ scale: CovarianceScale) {
    let mean = floating(mean)
    let size = scale.dimension
    guard mean.rank > 0, mean.shape[mean.rank - 1] == size || mean.shape[mean.rank - 1] == 1,
      let batch = Shape.broadcast(Shape(mean.shape.dropLast()), scale.batchShape)
    else {
      trap(
        """
        MultivariateNormal: a mean of shape \(mean.shape) does not fit a covariance of dimension \
        \(size) and batch \(scale.batchShape)
        """)
    }
    let dtype = DType.promoted(mean.dtype, scale.dtype)
    self.mean = mean.cast(to: dtype).broadcast(to: Shape(Array(batch) + [size]))
    self.scale = scale.cast(to: dtype)
  }

  public var batchShape: Shape { Shape(mean.shape.dropLast()) }
  public var eventShape: Shape { Shape(mean.shape.suffix(1)) }
  public var dtype: DType { mean.dtype }
  /// d.
  public var dimension: Int { eventShape[0] }
  /// The diagonal of the covariance, [batch…, d].
  public var variance: Tensor { scale.variance.broadcast(to: mean.shape) }
  /// Σ, [batch…, d, d].
  public var covariance: Tensor {
    scale.covariance.broadcast(to: Shape(Array(mean.shape) + [dimension]))
  }
  /// ln |Σ|, [batch…].
  public var logDeterminant: Tensor { scale.logDeterminant.broadcast(to: batchShape) }
  public var entropy: Tensor {
    0.5 * logDeterminant + Double(dimension) * (halfLogTwoPi + 0.5)
  }

  /// (x − μ)ᵀ Σ⁻¹ (x − μ), the squared Mahalanobis distance: […, batch…, d] → […, batch…].
  public func squaredDistance(_ value: Tensor) -> Tensor {
    let x = asValue(value, dtype)
    require(
      x.rank > 0 && x.shape[x.rank - 1] == dimension,
      "MultivariateNormal: values of shape \(x.shape) for dimension \(dimension)")
    return scale.squaredLengths((x - mean).expandingShape(at: -1)).squeezed(-1)
  }

  public func logDensity(_ value: Tensor) -> Tensor {
    -0.5 * (squaredDistance(value) + scale.logDeterminant) - Double(dimension) * halfLogTwoPi
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    let full = sampleShape(shape)
    return mean + scale.colored(full, dtype, using: &generator)
  }
}
