public import Core

/// How often each of K classes comes up in n independent draws.
///
/// ```
/// P(k) = n! Π πᵢ^kᵢ / kᵢ!,   kᵢ = 0, 1, …,   Σ kᵢ = n
/// ```
public struct Multinomial: EntropicDistribution {
  /// n.
  public let trials: Int
  /// The distribution of one draw.
  public let draw: Categorical

  /// - Parameters:
  ///   - trials: n ≥ 0; another traps.
  ///   - draw: The distribution of one draw, [batch…, classes].
  public init(trials: Int, draw: Categorical) {
    require(trials >= 0, "Multinomial: \(trials) trials")
    (self.trials, self.draw) = (trials, draw)
  }

  public var batchShape: Shape { draw.batchShape }
  public var eventShape: Shape { [draw.classes] }
  public var dtype: DType { draw.dtype }
  public var mean: Tensor { Double(trials) * draw.probabilities }
  public var variance: Tensor { mean * (1 - draw.probabilities) }

  /// n H(π) − ln n! + Σᵢ E ln kᵢ!, by summing over the binomial numbers kᵢ.
  public var entropy: Tensor {
    let n = Tensor(Double(trials), dtype: dtype)
    let counts = Tensor.range(0..<(trials + 1)).cast(to: dtype)
      .reshaped(Shape([trials + 1] + Array(repeatElement(1, count: batchShape.count + 1))))
    let parts = Binomial(trials: n, probability: minimum(draw.probabilities, 1)).density(counts)
    let repeats = (parts * logGamma(counts + 1)).sum(along: 0).sum(along: -1)
    return Double(trials) * draw.entropy - logGamma(n + 1) + repeats
  }

  /// - Parameter value: Counts, […, batch…, classes]; rows whose sum is not n are outside the
  ///   support.
  public func logDensity(_ value: Tensor) -> Tensor {
    let k = asValue(value, dtype)
    require(
      k.rank > 0 && k.shape[k.rank - 1] == draw.classes,
      "Multinomial: counts of shape \(k.shape) for \(draw.classes) classes")
    let isOutside =
      isNoCount(k).any(along: -1) .|| (k.detached.sum(along: -1) .!= Double(trials))
    let inside = select(isOutside.expandingShape(at: -1), Tensor(0, dtype: dtype), k)
    let n = Tensor(Double(trials), dtype: dtype)
    let result =
      (timesLogarithm(inside, draw.logProbabilities) - logGamma(inside + 1)).sum(along: -1)
      + logGamma(n + 1)
    return select(isOutside, Tensor(-Double.infinity, dtype: dtype), result)
  }

  /// Counts in the distribution's type: binomial numbers of what is left, class after class.
  public func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
    let probabilities = draw.probabilities.detached.cast(to: .float64)
    // π over what it and the later classes have.
    let rest = probabilities.cumulativeSum(along: -1, reversed: true)
    let shares = select(rest .> 0, probabilities / rest, Tensor(0, dtype: .float64))
    let full = Shape(Array(shape) + Array(batchShape))
    var left = Tensor.full(full, Double(trials), dtype: .float64)
    var counts: [Tensor] = []
    for index in 0..<draw.classes {
      let share = shares[.ellipsis, index].broadcast(to: full).clamped(to: 0...1)
      let count =
        index == draw.classes - 1
        ? left : randomBinomial(trials: left, probabilities: share, using: &generator)
      counts.append(count)
      left = left - count
    }
    return stacked(counts, along: -1).cast(to: dtype)
  }
}
