public import Core

/// The Laplace distribution, two exponential tails back to back.
///
/// ```
/// p(x) = exp(−|x − μ|/b) / 2b
/// ```
public struct Laplace: ReparameterizedDistribution, EntropicDistribution, CumulativeDistribution {
  /// μ, mean and median.
  public let location: Tensor
  /// b.
  public let scale: Tensor

  /// - Parameters:
  ///   - location: μ.
  ///   - scale: b > 0; another traps. Shapes broadcast.
  public init(location: Tensor, scale: Tensor) {
    let both = parameters(location, scale, of: "Laplace")
    (self.location, self.scale) = (both[0], both[1])
    requirePositive(both[1], "scale", of: "Laplace")
  }

  public var batchShape: Shape { location.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { location.dtype }
  public var mean: Tensor { location }
  public var variance: Tensor { 2 * (scale * scale) }
  public var entropy: Tensor { log(2 * scale) + 1 }

  public func logDensity(_ value: Tensor) -> Tensor {
    -abs(asValue(value, dtype) - location) / scale - log(2 * scale)
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    let z = (asValue(value, dtype) - location) / scale
    let tail = 0.5 * exp(-abs(z))
    return select(z .> 0, 1 - tail, tail)
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    // The difference of two exponential numbers.
    let full = sampleShape(shape)
    let right = Tensor.randomExponential(full, dtype: dtype, using: &generator)
    let left = Tensor.randomExponential(full, dtype: dtype, using: &generator)
    return location + scale * (right - left)
  }
}
