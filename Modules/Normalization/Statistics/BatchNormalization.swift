import Core

/// Batch normalisation: each channel brought to mean 0 and variance 1 over the batch and all axes
/// of space.
///
/// ```
/// y = γ (x − μ) / √(σ² + ε) + β
/// ```
///
/// ```swift
/// let model = Sequential {
///   Conv2D(3, 32, kernel: 3, hasBias: false)
///   BatchNormalization(32)
///   ReLU()
/// }
/// ```
///
/// In training mode μ and σ² are the batch's mean and (biased) variance, through which gradients
/// flow, and the running statistics take them in (the variance unbiased). In inference mode the
/// running statistics stand for them. See `Mode`.
///
/// The input is [batch, channels] or [batch, channels, space…] with any number of axes of space:
/// one layer serves vectors, sequences, images and volumes.
///
/// Training traps where a channel has fewer than two elements: they have no variance.
///
/// [Ioffe and Szegedy 2015]: https://arxiv.org/abs/1502.03167
public struct BatchNormalization: Layer, ReflectedChildren, Sendable {
  /// γ, [channels], 1 at first; `nil` where not affine.
  public let scale: Parameter?
  /// β, [channels], 0 at first; `nil` where not affine.
  public let shift: Parameter?
  /// How many channels inputs have.
  public let channels: Int
  /// ε, which keeps the root away from 0.
  public let epsilon: Double
  let running: RunningStatistics?

  /// - Parameters:
  ///   - epsilon: The default is 10⁻⁵.
  ///   - averaging: How running statistics are kept; the default is exponential with momentum 0.1.
  ///   - isAffine: Whether scale and shift are there; the default is that they are.
  public init(
    _ channels: Int, epsilon: Double = 1e-5,
    averaging: Averaging = .exponential(momentum: 0.1), isAffine: Bool = true
  ) {
    require(channels >= 0, "BatchNormalization: \(channels) channels")
    scale = isAffine ? Parameter(.ones([channels])) : nil
    shift = isAffine ? Parameter(.zeros([channels])) : nil
    self.channels = channels
    self.epsilon = epsilon
    running = RunningStatistics(channels: channels, averaging)
  }

  /// [channels]; `nil` where nothing is remembered.
  public var runningMean: Buffer? { running?.runningMean }
  /// [channels], the unbiased estimate; `nil` where nothing is remembered.
  public var runningVariance: Buffer? { running?.runningVariance }
  /// How many batches the running statistics saw; `nil` where nothing is remembered.
  public var batchCount: Buffer? { running?.batchCount }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank >= 2 && x.shape[1] == channels,
      "BatchNormalization: an input of shape \(x.shape) is not [batch, \(channels), space…]")
    let inner = x.shape.dropFirst(2).reduce(1, *)
    let planes = x.reshaped([x.shape[0], channels, inner])
    if Mode.current == .inference, let running {
      return normalized(planes, running.statistics).result.reshaped(x.shape)
    }
    let count = x.shape[0] * inner
    require(
      count > 1 || channels == 0 || Mode.current == .inference,
      "BatchNormalization: a batch of shape \(x.shape) has \(count) elements a channel, training needs two"
    )
    let (y, statistics) = normalized(planes, nil)
    if Mode.current == .training { running?.update(with: statistics, count: count) }
    return y.reshaped(x.shape)
  }

  private func normalized(
    _ x: Tensor, _ statistics: ChannelStatistics?
  ) -> (result: Tensor, statistics: ChannelStatistics) {
    channelsNormalized(
      x, scale: scale?.value, shift: shift?.value, epsilon: epsilon, statistics: statistics)
  }

  public var reflectedChildren: [(name: String, value: Any)] {
    let affine: [(String, Parameter?)] = [("scale", scale), ("shift", shift)]
    let state: [(String, Parameter?)] = [
      ("runningMean", runningMean), ("runningVariance", runningVariance),
      ("batchCount", batchCount),
    ]
    return (affine + state).compactMap { name, value in value.map { (name, $0) } }
  }
}
