import Core

/// Dropout: in training mode each element is 0 with probability p and divided by 1 − p otherwise;
/// in inference mode nothing happens.
///
/// ```swift
/// let model = Sequential {
///   Dense(784, 512, activation: .relu)
///   Dropout(0.5)
///   Dense(512, 10)
/// }
/// ```
///
/// Masks come from the innermost `withRandom(seed:_:)`; see
/// `dropout(_:probability:sharedAxes:)`.
///
/// On the input of a linear regression its expected loss is ridge regression (course document 004,
/// question 3.3): see ``expectedDropoutLoss(inputs:targets:weights:keeping:isInverted:)``.
///
/// [Srivastava et al. 2014]: https://jmlr.org/papers/v15/srivastava14a.html
public struct Dropout: Layer, Sendable {
  /// p, that an element is dropped.
  public let probability: Double

  /// - Parameter probability: That an element is dropped; the default is ½.
  public init(_ probability: Double = 0.5) {
    requireProbability(probability, in: "Dropout")
    self.probability = probability
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    Mode.current == .training ? dropout(x, probability: probability) : x
  }
}

/// Dropout of whole channels: neighbours in space are alike, so that dropping one alone tells the
/// network little.
///
/// The input is [batch, channels, space…]; one draw counts for all of a channel of an example.
///
/// [Tompson et al. 2015]: https://arxiv.org/abs/1411.4280
public struct ChannelDropout: Layer, Sendable {
  /// p, that a channel is dropped.
  public let probability: Double

  /// - Parameter probability: That a channel is dropped; the default is ½.
  public init(_ probability: Double = 0.5) {
    requireProbability(probability, in: "ChannelDropout")
    self.probability = probability
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(x.rank >= 2, "ChannelDropout: an input of shape \(x.shape) has no channels")
    guard Mode.current == .training else { return x }
    return dropout(x, probability: probability, sharedAxes: Array(2..<x.rank))
  }
}

/// Stochastic depth: in training mode a whole example's branch is 0 with probability p and divided
/// by 1 − p otherwise; for the branch of a residual block, x + dropPath(f(x)).
///
/// [Huang et al. 2016]: https://arxiv.org/abs/1603.09382
public struct DropPath: Layer, Sendable {
  /// p, that an example's branch is dropped.
  public let probability: Double

  /// - Parameter probability: That an example's branch is dropped.
  public init(_ probability: Double) {
    requireProbability(probability, in: "DropPath")
    self.probability = probability
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(x.rank >= 1, "DropPath: the input has no batch axis")
    guard Mode.current == .training else { return x }
    return dropout(x, probability: probability, sharedAxes: Array(1..<x.rank))
  }
}
