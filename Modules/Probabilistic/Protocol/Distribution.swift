public import Core

/// A probability distribution, or a batch of them.
///
/// ```swift
/// let heights = Normal(mean: Tensor([1.62, 1.75]), deviation: Tensor([0.07, 0.08]))
/// let x = heights.sample([1000], using: &generator)       // [1000, 2]
/// let fit = heights.logDensity(x).mean(along: 0)          // [2]
/// ```
///
/// One value has the shape ``eventShape`` ([] for numbers); the parameters' shapes broadcast to
/// ``batchShape``, one distribution for each element. Every method is made of differentiable
/// operations: gradients flow to values and parameters alike.
public protocol Distribution: Sendable {
  /// The shape of the independent distributions.
  var batchShape: Shape { get }
  /// The shape of one value.
  var eventShape: Shape { get }
  /// The floating type in which it is computed.
  var dtype: DType { get }
  /// E x: [batch…, event…]. NaN where it does not exist.
  var mean: Tensor { get }
  /// E (x − E x)², element by element: [batch…, event…]. ∞ or NaN where it does not exist.
  var variance: Tensor { get }

  /// The logarithm of the density, or of the probability of a discrete value; −∞ outside the
  /// support.
  ///
  /// - Parameter value: […, batch…, event…], or anything that broadcasts to that.
  /// - Returns: […, batch…].
  func logDensity(_ value: Tensor) -> Tensor

  /// Independent values; constants for differentiation.
  ///
  /// - Returns: [shape…, batch…, event…].
  func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor
}

extension Distribution {
  /// One value of each distribution of the batch.
  public func sample(using generator: inout RandomGenerator) -> Tensor {
    sample([], using: &generator)
  }

  /// The density, or the probability of a discrete value.
  public func density(_ value: Tensor) -> Tensor { exp(logDensity(value)) }

  /// √variance.
  public var standardDeviation: Tensor { sqrt(variance) }

  /// The shape of a sample.
  func sampleShape(_ shape: Shape) -> Shape {
    Shape(Array(shape) + Array(batchShape) + Array(eventShape))
  }
}

/// A distribution whose samples are differentiable functions of its parameters and of noise that
/// does not depend on them.
///
/// [Kingma 2014]: https://arxiv.org/abs/1312.6114
/// [Figurnov 2018]: https://arxiv.org/abs/1805.08498
///
/// Location, scale and rate enter by arithmetic ([Kingma 2014]); the concentrations of gamma, beta,
/// Dirichlet and Student's t by implicit differentiation of the distribution function
/// ([Figurnov 2018]), which gives first derivatives: differentiating twice with respect to a
/// concentration traps.
public protocol ReparameterizedDistribution: Distribution {
  /// As ``Distribution/sample(_:using:)``, with gradients to the parameters.
  func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor
}

extension ReparameterizedDistribution {
  public func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
    withoutDerivative { reparameterizedSample(shape, using: &generator) }
  }

  /// One value of each distribution of the batch, with gradients to the parameters.
  public func reparameterizedSample(using generator: inout RandomGenerator) -> Tensor {
    reparameterizedSample([], using: &generator)
  }
}

/// A distribution whose entropy is known.
public protocol EntropicDistribution: Distribution {
  /// −E ln p(x), in nats: [batch…].
  var entropy: Tensor { get }
}

/// A distribution of numbers whose distribution function is known.
public protocol CumulativeDistribution: Distribution {
  /// P(X ≤ value): […, batch…].
  func cumulative(_ value: Tensor) -> Tensor
}
