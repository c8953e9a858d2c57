public import Core

/// The number of independent events in a time in which λ are expected.
///
/// ```
/// P(k) = λᵏ e^(−λ) / k!,   k = 0, 1, …
/// ```
public struct Poisson: EntropicDistribution, CumulativeDistribution {
  /// λ.
  public let rate: Tensor

  /// - Parameter rate: λ > 0; another traps.
  public init(rate: Tensor) {
    self.rate = floating(rate)
    requirePositive(self.rate, "rate", of: "Poisson")
    requireFinite(self.rate, "rate", of: "Poisson")
  }

  public var batchShape: Shape { rate.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { rate.dtype }
  public var mean: Tensor { rate }
  public var variance: Tensor { rate }

  /// By summing as far as anything is left: λ + 12 √λ + 40 terms.
  public var entropy: Tensor {
    let most = rate.count == 0 ? 0 : rate.detached.maximum().item()
    return enumeratedEntropy(self, last: Int(most + 12 * most.squareRoot() + 40))
  }

  public func logDensity(_ value: Tensor) -> Tensor {
    let k = asValue(value, dtype)
    return within(k, outside: isNoCount(k), inner: 0) { k in
      k * log(rate) - rate - logGamma(k + 1)
    }
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    let k = floor(asValue(value, dtype)).detached
    let share = incompleteGammaComplement(maximum(k, 0) + 1, rate)
    return select(k .< 0, Tensor(0, dtype: dtype), share)
  }

  /// Whole numbers in the distribution's type.
  public func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
    randomPoisson(rates: rate.broadcast(to: sampleShape(shape)), using: &generator)
      .cast(to: dtype)
  }
}
