import Core

/// Local response normalisation: each element divided by a power of the squares around it, in the
/// neighbouring channels.
///
/// ```
/// y_c = x_c / (k + α/n Σ_c′ x_c′²)^β,   c′ over the n channels around c
/// ```
///
/// Channels beyond the borders count as 0. The input is [batch, channels, space…]. As in PyTorch, α
/// is divided by n; the paper's α is ours over n.
///
/// [Krizhevsky et al. 2012]: https://papers.nips.cc/paper/4824
public struct LocalResponseNormalization: Layer, Sendable {
  /// n, how many channels are summed over.
  public let size: Int
  /// What is kept of the average at each step.
  public let alpha, beta, k: Double

  /// - Parameters:
  ///   - size: n. Of an even number, one more lies before the channel than behind it.
  ///   - alpha: The default is 10⁻⁴.
  ///   - beta: The default is 0.75.
  ///   - k: The default is 1.
  public init(_ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
    require(size > 0, "LocalResponseNormalization: a window of \(size) channels")
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank >= 2, "LocalResponseNormalization: an input of shape \(x.shape) has no channels")
    let channels = x.shape[1]
    var widths = [(before: Int, after: Int)](repeating: (0, 0), count: x.rank)
    widths[1] = (size / 2, (size - 1) / 2)
    let squares = square(x).padded(widths)
    let sum = (1..<size).reduce(squares.narrowed(1, from: 0, count: channels)) {
      $0 + squares.narrowed(1, from: $1, count: channels)
    }
    return x * pow(sum * (alpha / Double(size)) + k, -beta)
  }
}
