public import Core

/// The number of successes in n independent trials.
///
/// ```
/// P(k) = (n over k) pᵏ (1 − p)ⁿ⁻ᵏ,   k = 0…n
/// ```
public struct Binomial: EntropicDistribution, CumulativeDistribution {
  /// n, in the batch's shape.
  public let trials: Tensor
  let success: SuccessProbability

  /// - Parameters:
  ///   - trials: n, whole numbers ≥ 0.
  ///   - probability: p within 0...1. Others trap. Shapes broadcast.
  public init(trials: Tensor, probability: Tensor) {
    let both = parameters(trials, probability, of: "Binomial")
    self.init(trials: both[0], SuccessProbability(both[1], of: "Binomial"))
  }

  /// - Parameter logits: ln p/(1 − p).
  public init(trials: Tensor, logits: Tensor) {
    let both = parameters(trials, logits, of: "Binomial")
    self.init(trials: both[0], SuccessProbability(logits: both[1]))
  }

  private init(trials: Tensor, _ success: SuccessProbability) {
    require(!isNoCount(trials).any(), "Binomial: trials that are no whole numbers: \(trials)")
    (self.trials, self.success) = (trials.detached, success)
  }

  /// p, in the batch's shape.
  public var probability: Tensor { success.value }
  public var batchShape: Shape { probability.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { probability.dtype }
  public var mean: Tensor { trials * probability }
  public var variance: Tensor { mean * success.complement }

  /// By summing over 0…n.
  public var entropy: Tensor {
    enumeratedEntropy(self, last: trials.count == 0 ? 0 : Int(trials.maximum().item()))
  }

  public func logDensity(_ value: Tensor) -> Tensor {
    let k = asValue(value, dtype)
    return within(k, outside: isNoCount(k, most: trials), inner: 0) { k in
      logBinomial(trials, k) + timesLogarithm(k, success.logarithm)
        + timesLogarithm(trials - k, success.complementLogarithm)
    }
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    let k = floor(asValue(value, dtype)).detached
    let isAll = k .>= trials
    let inner = select(isAll .|| (k .< 0), Tensor(0, dtype: dtype), k)
    let rest = select(isAll, Tensor(1, dtype: dtype), trials - inner)
    let share = incompleteBeta(maximum(rest, 1), inner + 1, success.complement)
    return select(
      isAll, Tensor(1, dtype: dtype), select(k .< 0, Tensor(0, dtype: dtype), share))
  }

  /// Whole numbers in the distribution's type.
  public func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
    let full = sampleShape(shape)
    return randomBinomial(
      trials: trials.broadcast(to: full), probabilities: probability.broadcast(to: full),
      using: &generator
    ).cast(to: dtype)
  }
}
