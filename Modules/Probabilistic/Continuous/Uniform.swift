public import Core

/// The uniform distribution on [low, high).
///
/// ```
/// p(x) = 1 / (high − low)
/// ```
public struct Uniform: ReparameterizedDistribution, EntropicDistribution, CumulativeDistribution {
  /// The lower bound.
  public let low: Tensor
  /// The upper bound.
  public let high: Tensor

  /// - Parameters:
  ///   - low: The least value.
  ///   - high: The end, above `low`; another traps. Shapes broadcast.
  public init(low: Tensor, high: Tensor) {
    let both = parameters(low, high, of: "Uniform")
    (self.low, self.high) = (both[0], both[1])
    requirePositive(both[1].detached - both[0].detached, "width", of: "Uniform")
  }

  var width: Tensor { high - low }

  public var batchShape: Shape { low.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { low.dtype }
  public var mean: Tensor { 0.5 * (low + high) }
  public var variance: Tensor { width * width / 12 }
  public var entropy: Tensor { log(width) }

  public func logDensity(_ value: Tensor) -> Tensor {
    let x = asValue(value, dtype)
    let isOutside = (x .< low) .|| (x .>= high)
    return select(isOutside, Tensor(-Double.infinity, dtype: dtype), -log(width))
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    ((asValue(value, dtype) - low) / width).clamped(to: 0...1)
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    low + width * Tensor.randomUniform(sampleShape(shape), dtype: dtype, using: &generator)
  }
}
