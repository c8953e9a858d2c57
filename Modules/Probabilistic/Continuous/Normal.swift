public import Core

/// The normal distribution.
///
/// ```
/// p(x) = exp(−½ ((x − μ)/σ)²) / (σ √2π)
/// ```
public struct Normal: ReparameterizedDistribution, EntropicDistribution, CumulativeDistribution {
  /// μ, in the batch's shape.
  public let mean: Tensor
  /// σ, in the batch's shape.
  public let deviation: Tensor

  /// - Parameters:
  ///   - mean: μ.
  ///   - deviation: σ > 0; another traps. Shapes broadcast.
  public init(mean: Tensor, deviation: Tensor) {
    let both = parameters(mean, deviation, of: "Normal")
    (self.mean, self.deviation) = (both[0], both[1])
    requirePositive(both[1], "deviation", of: "Normal")
  }

  public var batchShape: Shape { mean.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { mean.dtype }
  public var variance: Tensor { deviation * deviation }
  public var entropy: Tensor { log(deviation) + (halfLogTwoPi + 0.5) }

  public func logDensity(_ value: Tensor) -> Tensor {
    let z = (asValue(value, dtype) - mean) / deviation
    return -0.5 * (z * z) - log(deviation) - halfLogTwoPi
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    normalCumulative((asValue(value, dtype) - mean) / deviation)
  }

  /// The value below which a share `probability` lies; shapes broadcast.
  public func quantile(_ probability: Tensor) -> Tensor {
    mean + deviation * normalQuantile(asValue(probability, dtype))
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    mean + deviation
      * Tensor.randomNormal(sampleShape(shape), dtype: dtype, using: &generator)
  }
}
