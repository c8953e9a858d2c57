internal import Kernels

/// The form of the covariances of Gaussian embeddings.
public enum GaussianCovariance: String, CaseIterable, Sendable {
  /// Σ = σ² I: one number.
  case spherical
  /// Σ = diag(σ₁², …, σₙ²).
  case diagonal
  /// Any symmetric positive definite Σ.
  case full

  /// How many numbers hold a covariance in `dimension` dimensions: 1, n or n (n + 1) / 2.
  public func parameterCount(dimension: Int) -> Int {
    apus_gaussian_width(kernel, dimension)
  }

  var kernel: apus_gaussian_covariance {
    switch self {
    case .spherical: .spherical
    case .diagonal: .diagonal
    case .full: .full
    }
  }
}
