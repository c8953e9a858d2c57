public import Core

/// The histogram of probability integral transforms, uᵢ = Fᵢ(yᵢ).
///
/// If the targets come from the distributions that were predicted for them, the u are uniform. A hump in
/// the middle says that the predictions are too wide, two heaps at the ends that they are too narrow, a
/// slope that they are biased.
///
/// ```swift
/// let histogram = PITHistogram(mixture, targets: y, bins: 10)
/// print(histogram, histogram.deviation)
/// ```
///
/// Source: Dawid 1984, "The prequential approach"; Gneiting et al. 2007, "Probabilistic forecasts,
/// calibration and sharpness".
public struct PITHistogram: Sendable, Equatable, CustomStringConvertible {
  /// How many transforms fell into each bin of equal width, from 0 to 1.
  public let counts: [Int]

  /// - Parameters:
  ///   - distribution: One distribution for each target.
  ///   - targets: [batch…].
  ///   - bins: At least 1; default 10.
  public init(_ distribution: some CumulativeDistribution, targets: Tensor, bins: Int = 10) {
    self.init(
      transforms: withoutDerivative { distribution.cumulative(targets) }.scalars(as: Double.self),
      bins: bins)
  }

  /// - Parameter transforms: The u, within 0...1; one that is NaN or outside traps.
  public init(transforms: [Double], bins: Int = 10) {
    require(bins >= 1, "PITHistogram: \(bins) bins")
    var counts = [Int](repeating: 0, count: bins)
    for u in transforms {
      require(u >= 0 && u <= 1, "PITHistogram: the transform \(u) is not within 0...1")
      counts[min(Int(u * Double(bins)), bins - 1)] += 1
    }
    self.counts = counts
  }

  /// How many targets there were.
  public var total: Int { counts.reduce(0, +) }

  /// The share of each bin; 1/bins everywhere when calibrated. Empty histograms give NaN.
  public var shares: [Double] { counts.map { Double($0) / Double(total) } }

  /// The mean distance of the shares from 1/bins, times the number of bins: 0 when calibrated.
  public var deviation: Double {
    shares.reduce(0) { $0 + abs($1 * Double(counts.count) - 1) } / Double(counts.count)
  }

  /// Pearson's χ² against uniform shares, about bins − 1 when calibrated.
  public var chiSquare: Double {
    let expected = Double(total) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) } / expected
  }

  public var description: String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    let most = Double(max(counts.max() ?? 0, 1))
    return String(counts.map { blocks[min(Int(Double($0) / most * 8), 7)] })
  }
}
