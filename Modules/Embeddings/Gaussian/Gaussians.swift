import Core

/// Normal distributions N(μ, Σ) in n dimensions, one for each place of the batch axes.
///
/// ```swift
/// let words = Gaussians(mean: means, .diagonal(variances))       // both [words, n]
/// let scores = words.logKernel(with: contexts)                   // [words]
/// let (loss, gradient) = valueWithGradient(at: means) {
///   -Gaussians(mean: $0, .diagonal(variances)).logKernel(with: contexts).sum()
/// }
/// ```
///
/// Everything that is computed of them is differentiable with respect to μ and Σ, to any order.
/// Two of them meet place by place: batch axes broadcast, and where the forms of the covariances
/// differ, the simpler one is taken for what it is in the other form.
public struct Gaussians: Sendable {
  /// Covariances; positive (definite), which is not checked: others give what the formulas give.
  public enum Covariance: Sendable {
    /// σ² of σ² I: […].
    case spherical(Tensor)
    /// The variances along the axes: […, n].
    case diagonal(Tensor)
    /// Σ: […, n, n]. Every entry is read, so that a derivative knows of no symmetry.
    case full(Tensor)
  }

  /// μ: […, n].
  public let mean: Tensor
  /// Σ.
  public let covariance: Covariance

  /// Traps when the shapes do not fit.
  ///
  /// - Parameters:
  ///   - mean: […, n].
  ///   - covariance: Of a shape that ``Covariance`` states; batch axes broadcast with the mean's.
  public init(mean: Tensor, _ covariance: Covariance) {
    require(mean.rank >= 1, "Gaussians: a mean of shape [] has no axis of dimensions")
    let n = mean.shape[mean.rank - 1]
    switch covariance {
    case .spherical: break
    case .diagonal(let variances):
      require(
        variances.rank >= 1 && variances.shape[variances.rank - 1] == n,
        "Gaussians: variances of shape \(variances.shape) for a mean of shape \(mean.shape)")
    case .full(let matrix):
      let rank = matrix.rank
      require(
        rank >= 2 && matrix.shape[rank - 1] == n && matrix.shape[rank - 2] == n,
        "Gaussians: covariances of shape \(matrix.shape) for a mean of shape \(mean.shape)")
    }
    self.mean = floating(mean)
    self.covariance = covariance
  }

  /// The number of dimensions, n.
  public var dimension: Int { mean.shape[mean.rank - 1] }

  /// The form of the covariances.
  public var form: GaussianCovariance {
    switch covariance {
    case .spherical: .spherical
    case .diagonal: .diagonal
    case .full: .full
    }
  }

  /// log |Σ|: […].
  public var logDeterminant: Tensor {
    switch covariance {
    case .spherical(let variance): Double(dimension) * log(variance)
    case .diagonal(let variances): log(variances).sum(along: -1)
    case .full(let matrix): Core.logDeterminant(matrix).logAbs
    }
  }

  /// Σ as full matrices: […, n, n].
  public var matrices: Tensor {
    switch covariance {
    case .spherical(let variance):
      variance.expandingShape(at: -1).expandingShape(at: -1)
        * Tensor.identity(dimension, dtype: variance.dtype)
    case .diagonal(let variances): diagonalMatrix(variances)
    case .full(let matrix): matrix
    }
  }

  /// The same distributions with their covariances in a form that is not simpler than theirs.
  func expressed(as form: GaussianCovariance) -> Gaussians {
    switch (covariance, form) {
    case (.spherical(let variance), .diagonal):
      let ones = Tensor.ones([dimension], dtype: variance.dtype)
      return Gaussians(mean: mean, .diagonal(variance.expandingShape(at: -1) * ones))
    case (.spherical, .full), (.diagonal, .full): return Gaussians(mean: mean, .full(matrices))
    default: return self
    }
  }

  /// Both in the simplest form that can hold either.
  static func aligned(
    _ a: Gaussians, _ b: Gaussians, in operation: StaticString
  ) -> (Gaussians, Gaussians) {
    require(
      a.dimension == b.dimension,
      "\(operation): Gaussians in \(a.dimension) and in \(b.dimension) dimensions")
    let form: GaussianCovariance =
      [a.form, b.form].contains(.full)
      ? .full : [a.form, b.form].contains(.diagonal) ? .diagonal : .spherical
    return (a.expressed(as: form), b.expressed(as: form))
  }
}
