public import Core

/// A mixture of K distributions of one family.
///
/// ```
/// p(x) = Σₖ πₖ pₖ(x)
/// ```
///
/// ```swift
/// let mixture = Mixture(
///   weights: Categorical(probabilities: Tensor([0.3, 0.7])),
///   components: Normal(mean: Tensor([-1, 2]), deviation: Tensor([0.5, 1])))
/// ```
///
/// The components are a batch of distributions whose last batch axis is k. Log densities go by
/// log-sum-exp: no component is too far away to count.
public struct Mixture<Component: Distribution>: Distribution {
  /// π, a batch in the mixture's batch shape.
  public let weights: Categorical
  /// [batch…, K] distributions.
  public let components: Component

  /// - Parameters:
  ///   - weights: π, [batch…] distributions over K classes.
  ///   - components: [batch…, K] distributions. Shapes that differ trap.
  public init(weights: Categorical, components: Component) {
    let expected = Shape(Array(weights.batchShape) + [weights.classes])
    require(
      components.batchShape == expected,
      """
      Mixture: components of batch shape \(components.batchShape) for weights that ask for \
      \(expected), [batch…, components]
      """)
    (self.weights, self.components) = (weights, components)
  }

  public var batchShape: Shape { weights.batchShape }
  public var eventShape: Shape { components.eventShape }
  public var dtype: DType { components.dtype }
  /// K.
  public var count: Int { weights.classes }

  /// Where the components' axis is, counted from the end.
  private var axis: Int { -1 - eventShape.count }

  /// π in the shape of the components' means, but for the axes of the event.
  private var shares: Tensor {
    let shape = Array(weights.logProbabilities.shape)
    return weights.probabilities.reshaped(
      Shape(shape + Array(repeatElement(1, count: eventShape.count))))
  }

  /// Σₖ πₖ μₖ (course document 002, exercise 3, question 3).
  public var mean: Tensor { (shares * components.mean).sum(along: axis) }

  /// Σₖ πₖ (σₖ² + (μₖ − E x)²) (course document 002, exercise 3, question 3).
  public var variance: Tensor {
    let off = components.mean - mean.expandingShape(at: axis)
    return (shares * (components.variance + off * off)).sum(along: axis)
  }

  /// ln πₖ + ln pₖ(value): […, batch…, K].
  func jointLogDensities(_ value: Tensor) -> Tensor {
    components.logDensity(withComponentAxis(value)) + weights.logProbabilities
  }

  private func withComponentAxis(_ value: Tensor) -> Tensor {
    let events = eventShape.count
    require(
      value.rank >= events,
      "Mixture: values of shape \(value.shape) for events of shape \(eventShape)")
    return value.reshaped(
      Shape(Array(value.shape.dropLast(events)) + [1] + Array(value.shape.suffix(events))))
  }

  public func logDensity(_ value: Tensor) -> Tensor {
    let joint = jointLogDensities(value)
    // Where every component excludes the value, the sum's derivative would be NaN.
    let isVoid = (joint.detached .== -Double.infinity).all(along: -1)
    if !isVoid.any() { return logSumExp(joint) }
    let inside = select(isVoid.expandingShape(at: -1), Tensor(0, dtype: joint.dtype), joint)
    return select(isVoid, Tensor(-Double.infinity, dtype: joint.dtype), logSumExp(inside))
  }

  /// The probability that each component made a value, γₖ = πₖ pₖ / Σₗ πₗ pₗ: […, batch…, K].
  public func responsibilities(_ value: Tensor) -> Tensor { softmax(jointLogDensities(value)) }

  public func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
    let chosen = weights.sample(shape, using: &generator)
    let drawn = components.sample(shape, using: &generator)
    let events = Array(repeatElement(1, count: eventShape.count))
    let place = chosen.reshaped(Shape(Array(chosen.shape) + [1] + events))
    var wanted = drawn.shape
    let position = drawn.rank - 1 - eventShape.count
    wanted[position] = 1
    return drawn.takenAlong(place.broadcast(to: wanted), axis: position)
      .reshaped(sampleShape(shape))
  }
}

extension Mixture: CumulativeDistribution where Component: CumulativeDistribution {
  public func cumulative(_ value: Tensor) -> Tensor {
    (components.cumulative(value.expandingShape(at: -1)) * weights.probabilities).sum(along: -1)
  }
}

extension Mixture where Component == MultivariateNormal {
  /// Σₖ πₖ (Σₖ + (μₖ − E x)(μₖ − E x)ᵀ), [batch…, d, d].
  public var covariance: Tensor {
    let off = components.mean - mean.expandingShape(at: -2)
    let outer = off.expandingShape(at: -1) * off.expandingShape(at: -2)
    let shares = weights.probabilities.expandingShape(at: -1).expandingShape(at: -1)
    return (shares * (components.covariance + outer)).sum(along: -3)
  }

  /// The distribution of one coordinate alone.
  public func marginal(_ coordinate: Int) -> Mixture<Normal> {
    require(
      coordinate >= 0 && coordinate < components.dimension,
      "marginal: no coordinate \(coordinate) in dimension \(components.dimension)")
    return Mixture<Normal>(
      weights: weights,
      components: Normal(
        mean: components.mean[.ellipsis, coordinate],
        deviation: sqrt(components.variance[.ellipsis, coordinate])))
  }
}
