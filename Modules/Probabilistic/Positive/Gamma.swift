public import Core

/// The gamma distribution.
///
/// ```
/// p(x) = βᵅ xᵅ⁻¹ e^(−βx) / Γ(α),   x > 0
/// ```
public struct Gamma: ReparameterizedDistribution, EntropicDistribution, CumulativeDistribution {
  /// α, also called the shape.
  public let concentration: Tensor
  /// β, one over the scale.
  public let rate: Tensor

  /// - Parameters:
  ///   - concentration: α > 0.
  ///   - rate: β > 0. Others trap. Shapes broadcast.
  public init(concentration: Tensor, rate: Tensor = Tensor(1)) {
    let both = parameters(concentration, rate, of: "Gamma")
    (self.concentration, self.rate) = (both[0], both[1])
    requirePositive(both[0], "concentration", of: "Gamma")
    requirePositive(both[1], "rate", of: "Gamma")
  }

  public var batchShape: Shape { rate.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { rate.dtype }
  public var mean: Tensor { concentration / rate }
  public var variance: Tensor { concentration / (rate * rate) }
  public var entropy: Tensor {
    concentration - log(rate) + logGamma(concentration) + (1 - concentration)
      * digamma(concentration)
  }

  public func logDensity(_ value: Tensor) -> Tensor {
    let x = asValue(value, dtype)
    return within(x, outside: x .< 0, inner: 1) { x in
      timesLogarithm(concentration - 1, log(x)) + concentration * log(rate) - rate * x
        - logGamma(concentration)
    }
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    incompleteGamma(concentration, rate * maximum(asValue(value, dtype), 0))
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    let full = sampleShape(shape)
    let logarithm = logGammaSample(concentration.broadcast(to: full), using: &generator)
    return exp(logarithm).cast(to: dtype) / rate
  }
}
