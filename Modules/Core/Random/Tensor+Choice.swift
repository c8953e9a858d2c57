internal import Kernels

extension Tensor {
  /// The integers 0..<count in random order, as `int64`.
  public static func randomPermutation(
    _ count: Int, using generator: inout RandomGenerator
  ) -> Tensor {
    require(count >= 0, "randomPermutation: the count \(count) is negative")
    return permutation(of: count, first: count, using: &generator)
  }

  /// The slices along an axis in random order; slices stay whole.
  public func shuffled(along axis: Int = 0, using generator: inout RandomGenerator) -> Tensor {
    let axis = layout.shape.resolved(axis, in: "shuffled")
    return gathered(
      at: .randomPermutation(shape[axis], using: &generator), along: axis)
  }

  /// `count` of the integers 0..<population, as `int64`, all equally likely.
  ///
  /// - Parameter replacing: Whether an integer may come more than once. If not, `count` may not
  ///   exceed the population, and the order is random too.
  public static func randomChoice(
    _ count: Int, from population: Int, replacing: Bool, using generator: inout RandomGenerator
  ) -> Tensor {
    require(
      count >= 0 && population >= 0, "randomChoice: \(count) of \(population) is no choice")
    if replacing {
      require(count == 0 || population > 0, "randomChoice: \(count) of none")
      return randomIntegers([count], in: 0..<max(population, 1), using: &generator)
    }
    require(
      count <= population,
      "randomChoice: \(count) of \(population) need `replacing: true`")
    return permutation(of: population, first: count, using: &generator)
  }

  /// `count` positions of the last axis of `weights`, as `int64`, by their weights.
  ///
  /// Without replacement each position is drawn with probability proportional to its weight among
  /// those that are left: the positions of the `count` least of Eᵢ / wᵢ with independent unit
  /// exponential Eᵢ, which is the Gumbel top-k trick before the logarithm. They come in the order
  /// of drawing.
  ///
  /// - Parameters:
  ///   - weights: [batch…, population], none negative, a sum above 0 in each row.
  ///   - replacing: Whether a position may come more than once. If not, each row must have `count`
  ///     weights above 0.
  /// - Returns: [batch…, count].
  ///
  /// Source: Efraimidis and Spirakis 2006, "Weighted random sampling with a reservoir"; Kool, van
  /// Hoof and Welling 2019, "Stochastic beams and where to find them".
  public static func randomChoice(
    _ count: Int, weights: Tensor, replacing: Bool, using generator: inout RandomGenerator
  ) -> Tensor {
    if replacing {
      return randomCategorical(probabilities: weights, count: count, using: &generator)
    }
    let weights = weights.detached.cast(to: .float64)
    require(weights.rank > 0 && count >= 0, "randomChoice: \(count) of weights \(weights.shape)")
    requireWeights(weights, along: -1, in: "randomChoice")
    require(
      ((weights .> 0).sum(along: -1) .>= Double(count)).all(),
      "randomChoice: fewer than \(count) weights are above 0 in a row; use `replacing: true`")
    let arrivals = Tensor.randomExponential(weights.shape, dtype: .float64, using: &generator)
    return (arrivals / weights).topK(count, largest: false).indices
  }

  private static func permutation(
    of count: Int, first chosen: Int, using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Tensor(uninitialized: [chosen], dtype: .int64)
    generator.draw {
      apus_random_permutation(
        $0, $1, count, chosen, result.pointer.assumingMemoryBound(to: Int64.self))
    }
    extendLifetime(result.storage)
    return result
  }
}
