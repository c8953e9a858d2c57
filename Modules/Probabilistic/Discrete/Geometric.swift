public import Core

/// The number of failures before the first success.
///
/// ```
/// P(k) = p (1 − p)ᵏ,   k = 0, 1, …
/// ```
public struct Geometric: EntropicDistribution, CumulativeDistribution {
  let success: SuccessProbability

  /// - Parameter probability: p, above 0 and at most 1; another traps.
  public init(probability: Tensor) {
    success = SuccessProbability(probability, of: "Geometric")
    requirePositive(success.value, "probability", of: "Geometric")
  }

  /// - Parameter logits: ln p/(1 − p).
  public init(logits: Tensor) { success = SuccessProbability(logits: logits) }

  /// p.
  public var probability: Tensor { success.value }
  public var batchShape: Shape { probability.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { probability.dtype }
  public var mean: Tensor { success.complement / probability }
  public var variance: Tensor { success.complement / (probability * probability) }
  public var entropy: Tensor { success.entropy / probability }

  public func logDensity(_ value: Tensor) -> Tensor {
    let k = asValue(value, dtype)
    return within(k, outside: isNoCount(k), inner: 0) { k in
      timesLogarithm(k, success.complementLogarithm) + success.logarithm
    }
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    let k = floor(asValue(value, dtype)).detached
    let tail = exp(timesLogarithm(maximum(k + 1, 0), success.complementLogarithm))
    return 1 - tail
  }

  /// Whole numbers in the distribution's type: the floor of an exponential number.
  public func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
    let wait = Tensor.randomExponential(sampleShape(shape), dtype: .float64, using: &generator)
    return floor(wait / -success.complementLogarithm.detached.cast(to: .float64)).cast(to: dtype)
  }
}
