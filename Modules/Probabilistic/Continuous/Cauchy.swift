public import Core

/// The Cauchy distribution, which has neither mean (NaN) nor finite variance (∞).
///
/// ```
/// p(x) = 1 / (π γ (1 + ((x − x₀)/γ)²))
/// ```
public struct Cauchy: ReparameterizedDistribution, EntropicDistribution, CumulativeDistribution {
  /// x₀, the median.
  public let location: Tensor
  /// γ, half the distance between the quartiles.
  public let scale: Tensor

  /// - Parameters:
  ///   - location: x₀.
  ///   - scale: γ > 0; another traps. Shapes broadcast.
  public init(location: Tensor, scale: Tensor) {
    let both = parameters(location, scale, of: "Cauchy")
    (self.location, self.scale) = (both[0], both[1])
    requirePositive(both[1], "scale", of: "Cauchy")
  }

  public var batchShape: Shape { location.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { location.dtype }
  public var mean: Tensor { .full(batchShape, .nan, dtype: dtype) }
  public var variance: Tensor { .full(batchShape, .infinity, dtype: dtype) }
  public var entropy: Tensor { log((4 * Double.pi) * scale) }

  public func logDensity(_ value: Tensor) -> Tensor {
    let z = (asValue(value, dtype) - location) / scale
    return -log1p(z * z) - log(Double.pi * scale)
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    atan2(scale, location - asValue(value, dtype)) / Double.pi
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    let uniform = Tensor.randomUniform(
      sampleShape(shape), in: -0.5..<0.5, dtype: .float64, using: &generator)
    return location + scale * tan(Double.pi * uniform).cast(to: dtype)
  }
}
