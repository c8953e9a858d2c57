public import Core

/// One success (1) or failure (0).
///
/// ```
/// P(1) = p,   P(0) = 1 − p
/// ```
public struct Bernoulli: EntropicDistribution, CumulativeDistribution {
  let success: SuccessProbability

  /// - Parameter probability: p within 0...1; another traps.
  public init(probability: Tensor) { success = SuccessProbability(probability, of: "Bernoulli") }

  /// - Parameter logits: ln p/(1 − p); no digits are lost where p is near 0 or 1.
  public init(logits: Tensor) { success = SuccessProbability(logits: logits) }

  /// p.
  public var probability: Tensor { success.value }
  public var batchShape: Shape { probability.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { probability.dtype }
  public var mean: Tensor { probability }
  public var variance: Tensor { probability * success.complement }
  public var entropy: Tensor { success.entropy }

  public func logDensity(_ value: Tensor) -> Tensor {
    let k = asValue(value, dtype)
    return within(k, outside: isNoCount(k, most: Tensor(1)), inner: 0) { k in
      timesLogarithm(k, success.logarithm) + timesLogarithm(1 - k, success.complementLogarithm)
    }
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    let k = asValue(value, dtype)
    let below = select(k .< 0, Tensor(0, dtype: dtype), success.complement)
    return select(k .>= 1, Tensor(1, dtype: dtype), below)
  }

  /// 0 and 1 in the distribution's type.
  public func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
    .randomBernoulli(
      probabilities: probability.detached.broadcast(to: sampleShape(shape)), dtype: dtype,
      using: &generator)
  }
}
