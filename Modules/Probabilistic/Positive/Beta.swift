public import Core

/// The beta distribution of a share.
///
/// ```
/// p(x) = xᵅ⁻¹ (1 − x)ᵝ⁻¹ / B(α, β),   0 < x < 1
/// ```
public struct Beta: ReparameterizedDistribution, EntropicDistribution, CumulativeDistribution {
  /// The first shape parameter.
  public let alpha: Tensor
  /// The second shape parameter.
  public let beta: Tensor

  /// - Parameters:
  ///   - alpha: α > 0, the concentration at 1.
  ///   - beta: β > 0, the concentration at 0. Others trap. Shapes broadcast.
  public init(alpha: Tensor, beta: Tensor) {
    let both = parameters(alpha, beta, of: "Beta")
    (self.alpha, self.beta) = (both[0], both[1])
    requirePositive(both[0], "concentration α", of: "Beta")
    requirePositive(both[1], "concentration β", of: "Beta")
  }

  public var batchShape: Shape { alpha.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { alpha.dtype }
  public var mean: Tensor { alpha / (alpha + beta) }
  public var variance: Tensor {
    let sum = alpha + beta
    return alpha * beta / (sum * sum * (sum + 1))
  }
  public var entropy: Tensor {
    let sum = alpha + beta
    return logBeta(alpha, beta) - (alpha - 1) * digamma(alpha) - (beta - 1) * digamma(beta)
      + (sum - 2) * digamma(sum)
  }

  public func logDensity(_ value: Tensor) -> Tensor {
    let x = asValue(value, dtype)
    return within(x, outside: (x .< 0) .|| (x .> 1), inner: 0.5) { x in
      timesLogarithm(alpha - 1, log(x)) + timesLogarithm(beta - 1, log1p(-x))
        - logBeta(alpha, beta)
    }
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    incompleteBeta(alpha, beta, asValue(value, dtype).clamped(to: 0...1))
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    // G(α) / (G(α) + G(β)), from the logarithms.
    let full = sampleShape(shape)
    let first = logGammaSample(alpha.broadcast(to: full), using: &generator)
    let second = logGammaSample(beta.broadcast(to: full), using: &generator)
    return sigmoid(first - second).cast(to: dtype)
  }
}
