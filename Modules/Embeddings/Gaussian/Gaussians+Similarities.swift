import Core
import Foundation

extension Gaussians {
  /// The logarithm of the product kernel K(Nᵢ, Nⱼ) = ∫ Nᵢ(z) Nⱼ(z) dz, the expected likelihood.
  ///
  /// ```
  /// log K = −½ log |Σᵢ + Σⱼ| − ½ (μᵢ − μⱼ)ᵀ (Σᵢ + Σⱼ)⁻¹ (μᵢ − μⱼ) − n/2 log 2π
  /// ```
  ///
  /// It is the log-density of N(0, Σᵢ + Σⱼ) at μᵢ − μⱼ, and symmetric in the two.
  ///
  /// - Parameter other: Nⱼ; batch axes broadcast.
  /// - Returns: […], the batch axes of the two.
  ///
  /// The derivatives in closed form are ``logKernelGradients(with:entries:)``.
  /// Source: the course's document 000, exercise 1, question 2; [Jebara et al. 2004].
  public func logKernel(with other: Gaussians) -> Tensor {
    let (a, b) = Gaussians.aligned(self, other, in: "logKernel")
    let difference = a.mean - b.mean
    let n = Double(dimension)
    let rest: Tensor
    switch (a.covariance, b.covariance) {
    case (.spherical(let v), .spherical(let w)):
      let sum = v + w
      rest = n * log(sum) + square(difference).sum(along: -1) / sum
    case (.diagonal(let v), .diagonal(let w)):
      let sum = v + w
      rest = (log(sum) + square(difference) / sum).sum(along: -1)
    default:
      let sum = a.matrices + b.matrices
      rest = Core.logDeterminant(sum).logAbs + quadraticForm(of: sum, at: difference)
    }
    return -0.5 * (rest + n * Foundation.log(2 * Double.pi))
  }

  /// The product kernel K(Nᵢ, Nⱼ) itself, e to the power of ``logKernel(with:)``: in many
  /// dimensions it is 0 in floating point, and its logarithm is not.
  public func kernel(with other: Gaussians) -> Tensor { exp(logKernel(with: other)) }

  /// The mean log-density of these Gaussians under others, ∫ (log Nᵢ(z)) Nⱼ(z) dz.
  ///
  /// ```
  /// −½ (n log 2π + log |Σᵢ| + Tr(Σᵢ⁻¹ Σⱼ) + (μᵢ − μⱼ)ᵀ Σᵢ⁻¹ (μᵢ − μⱼ))
  /// ```
  ///
  /// - Parameter other: Nⱼ; batch axes broadcast.
  /// - Returns: […], the batch axes of the two.
  ///
  /// Source: the course's document 000, exercise 1, question 3.1.
  public func meanLogDensity(under other: Gaussians) -> Tensor {
    let (a, b) = Gaussians.aligned(self, other, in: "meanLogDensity")
    let n = Double(dimension)
    return -0.5 * (n * Foundation.log(2 * Double.pi) + a.logDeterminant + a.standardized(b))
  }

  /// The Kullback–Leibler divergence of these Gaussians from others, KL(Nⱼ ‖ Nᵢ) with j these.
  ///
  /// ```
  /// KL(Nⱼ ‖ Nᵢ) = ½ (Tr(Σᵢ⁻¹ Σⱼ) + (μᵢ − μⱼ)ᵀ Σᵢ⁻¹ (μᵢ − μⱼ) − n − log (|Σⱼ| / |Σᵢ|))
  /// ```
  ///
  /// It is 0 where the two are the same and positive elsewhere; small where these lie inside of the
  /// others, and large where they reach beyond.
  ///
  /// - Parameter other: Nᵢ; batch axes broadcast.
  /// - Returns: […], the batch axes of the two.
  ///
  /// The derivatives in closed form are ``divergenceGradients(of:entries:)``.
  /// Source: the course's document 000, exercise 1, question 3.2.
  public func divergence(from other: Gaussians) -> Tensor {
    let (b, a) = Gaussians.aligned(self, other, in: "divergence")
    let logs = a.logDeterminant - b.logDeterminant
    return 0.5 * (a.standardized(b) - Double(dimension) + logs)
  }

  /// Tr(Σᵢ⁻¹ Σⱼ) + (μᵢ − μⱼ)ᵀ Σᵢ⁻¹ (μᵢ − μⱼ), with i this and j in the same form.
  private func standardized(_ other: Gaussians) -> Tensor {
    let difference = mean - other.mean
    switch (covariance, other.covariance) {
    case (.spherical(let v), .spherical(let w)):
      return (Double(dimension) * w + square(difference).sum(along: -1)) / v
    case (.diagonal(let v), .diagonal(let w)):
      return ((w + square(difference)) / v).sum(along: -1)
    default:
      return trace(solve(matrices, other.matrices)) + quadraticForm(of: matrices, at: difference)
    }
  }
}

/// xᵀ A⁻¹ x, for each matrix of a batch.
private func quadraticForm(of matrix: Tensor, at x: Tensor) -> Tensor {
  let column = x.expandingShape(at: -1)
  return (column * solve(matrix, column)).sum(along: -1, -2)
}
