public import Core

/// The distribution of eˣ for a normal x.
///
/// ```
/// p(y) = exp(−½ ((ln y − μ)/σ)²) / (y σ √2π),   y > 0
/// ```
public struct LogNormal: ReparameterizedDistribution, EntropicDistribution, CumulativeDistribution {
  /// The distribution of the logarithm.
  public let logarithm: Normal

  /// - Parameters:
  ///   - location: μ, the mean of the logarithm.
  ///   - scale: σ > 0, its deviation; another traps. Shapes broadcast.
  public init(location: Tensor, scale: Tensor) {
    logarithm = Normal(mean: location, deviation: scale)
  }

  public var batchShape: Shape { logarithm.batchShape }
  public var eventShape: Shape { [] }
  public var dtype: DType { logarithm.dtype }
  public var mean: Tensor { exp(logarithm.mean + 0.5 * logarithm.variance) }
  public var variance: Tensor {
    let square = logarithm.variance
    return expm1(square) * exp(2 * logarithm.mean + square)
  }
  public var entropy: Tensor { logarithm.entropy + logarithm.mean }

  public func logDensity(_ value: Tensor) -> Tensor {
    let x = asValue(value, dtype)
    return within(x, outside: x .<= 0, inner: 1) { x in
      let logX = log(x)
      return logarithm.logDensity(logX) - logX
    }
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    logarithm.cumulative(log(maximum(asValue(value, dtype), 0)))
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    exp(logarithm.reparameterizedSample(shape, using: &generator))
  }
}
