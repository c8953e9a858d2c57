import Core

/// How batch normalisation remembers the statistics of the batches that it saw.
public enum Averaging: Sendable, Hashable {
  /// running ← (1 − momentum) running + momentum · batch, as PyTorch counts momentum.
  case exponential(momentum: Double)
  /// The mean over all batches so far.
  case cumulative
  /// Not at all: inference, too, takes the statistics of its batch.
  case none
}

/// The mean and variance of each channel over the batches of training.
struct RunningStatistics: Sendable {
  /// [channels], 0 at first.
  let runningMean: Buffer
  /// [channels], 1 at first; the unbiased estimate.
  let runningVariance: Buffer
  /// How many batches went in, `int64`.
  let batchCount: Buffer
  let averaging: Averaging

  /// `nil` where nothing is to be remembered.
  init?(channels: Int, _ averaging: Averaging) {
    if averaging == .none { return nil }
    if case .exponential(let momentum) = averaging {
      require(
        (0...1).contains(momentum), "BatchNormalization: the momentum \(momentum) is not in 0…1")
    }
    runningMean = Buffer(.zeros([channels]))
    runningVariance = Buffer(.ones([channels]))
    batchCount = Buffer(Tensor(scalars: [Int64(0)], shape: []))
    self.averaging = averaging
  }

  var statistics: ChannelStatistics {
    ChannelStatistics(mean: runningMean.value, variance: runningVariance.value)
  }

  /// Takes in the statistics of a batch with `count` elements a channel.
  func update(with batch: ChannelStatistics, count: Int) {
    let seen = batchCount.value + 1
    batchCount.value = seen
    let share: Double
    switch averaging {
    case .exponential(let momentum): share = momentum
    case .cumulative: share = 1 / seen.item()
    case .none: return
    }
    // Bessel's correction: the running variance estimates that of the population.
    let unbiased = batch.variance * (Double(count) / Double(count - 1))
    blend(batch.mean, into: runningMean, share)
    blend(unbiased, into: runningVariance, share)
  }

  private func blend(_ new: Tensor, into buffer: Buffer, _ share: Double) {
    buffer.value = (1 - share) * buffer.value + share * new.cast(to: buffer.dtype)
  }
}
