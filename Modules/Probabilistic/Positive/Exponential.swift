public import Core

/// The exponential distribution of waiting times.
///
/// ```
/// p(x) = λ e^(−λx),   x ≥ 0
/// ```
public struct Exponential: ReparameterizedDistribution, EntropicDistribution,
  CumulativeDistribution
{
  /// λ.
  public let rate: Tensor

  /// - Parameter rate: λ > 0; another traps.
  public init(rate: Tensor) {
    self.rate = floating(rate)
    requirePositive(self.rate, "rate", of: "Exponential")
  }

  public var batchShape: Shape { rate.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { rate.dtype }
  public var mean: Tensor { 1 / rate }
  public var variance: Tensor { 1 / (rate * rate) }
  public var entropy: Tensor { 1 - log(rate) }

  public func logDensity(_ value: Tensor) -> Tensor {
    let x = asValue(value, dtype)
    return within(x, outside: x .< 0, inner: 1) { log(rate) - rate * $0 }
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    -expm1(-rate * maximum(asValue(value, dtype), 0))
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    Tensor.randomExponential(sampleShape(shape), dtype: dtype, using: &generator) / rate
  }
}
