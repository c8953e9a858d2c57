import Core

/// What keeps Gaussian embeddings from growing without end: training alone would make means fly
/// apart and covariances vanish or swell.
///
/// ```
/// ‖μ‖ ≤ C        m I ≤ Σ ≤ M I
/// ```
///
/// Bounds are kept by projection after each step: means are shortened, and eigenvalues of Σ moved to
/// the nearer bound.
///
/// Source: [Vilnis and McCallum 2015]: https://arxiv.org/abs/1412.6623, section 4.2.
public struct GaussianBounds: Sendable, Equatable {
  /// C; `nil` for none.
  public var meanNorm: Double?
  /// m…M; `nil` for none.
  public var eigenvalues: ClosedRange<Double>?

  /// No bounds.
  public static let none = GaussianBounds()

  /// Traps unless C and m are positive.
  ///
  /// - Parameters:
  ///   - meanNorm: C; none unless told otherwise.
  ///   - eigenvalues: m…M; none unless told otherwise.
  public init(meanNorm: Double? = nil, eigenvalues: ClosedRange<Double>? = nil) {
    require(meanNorm ?? 1 > 0, "GaussianBounds: a norm of at most \(meanNorm ?? 0)")
    require(
      eigenvalues?.lowerBound ?? 1 > 0,
      "GaussianBounds: eigenvalues from \(eigenvalues?.lowerBound ?? 0) on are not positive")
    self.meanNorm = meanNorm
    self.eigenvalues = eigenvalues
  }
}
