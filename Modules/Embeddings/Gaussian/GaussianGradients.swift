import Core

/// Derivatives of a function of two Gaussians Nᵢ and Nⱼ, for each place of the batch axes.
public struct GaussianGradients: Sendable {
  /// ∂f/∂μᵢ: […, n].
  public let mean: Tensor
  /// ∂f/∂Σᵢ: […] by σ², […, n] by the variances, or […, n, n], as Nᵢ's covariance is given.
  public let covariance: Tensor
  /// ∂f/∂μⱼ: […, n].
  public let otherMean: Tensor
  /// ∂f/∂Σⱼ, as Nⱼ's covariance is given.
  public let otherCovariance: Tensor
}

extension Gaussians {
  /// The derivatives of ``logKernel(with:)`` in closed form, with i these and j the others.
  ///
  /// ```
  /// d = μᵢ − μⱼ,  S = Σᵢ + Σⱼ
  /// ∂log K/∂μᵢ = −½ (S⁻¹ + S⁻ᵀ) d            = −S⁻¹ d where S is symmetric;  ∂/∂μⱼ = −∂/∂μᵢ
  /// ∂log K/∂Σᵢ = ½ (S⁻ᵀ d dᵀ S⁻ᵀ − S⁻ᵀ)      = ½ (S⁻¹ d dᵀ S⁻¹ − S⁻¹);      ∂/∂Σⱼ the same
  /// ```
  ///
  /// - Parameters:
  ///   - other: Nⱼ; batch axes broadcast, and the derivatives have one row for each pair.
  ///   - entries: What the variables of a full covariance are; ``CovarianceEntries/independent``
  ///     unless told otherwise. The formulas above are the independent ones.
  ///
  /// Source: the course's document 000, exercise 1, question 2.
  public func logKernelGradients(
    with other: Gaussians, entries: CovarianceEntries = .independent
  ) -> GaussianGradients {
    let (a, b) = Gaussians.aligned(self, other, in: "logKernelGradients")
    let difference = a.mean - b.mean
    let slope: Tensor
    let both: Tensor
    switch (a.covariance, b.covariance) {
    case (.spherical(let v), .spherical(let w)):
      let inverse = 1 / (v + w)
      slope = -(inverse.expandingShape(at: -1) * difference)
      both = 0.5 * (square(slope).sum(along: -1) - Double(dimension) * inverse)
    case (.diagonal(let v), .diagonal(let w)):
      let inverse = 1 / (v + w)
      slope = -(inverse * difference)
      both = 0.5 * (square(slope) - inverse)
    default:
      let transposed = inverse(a.matrices + b.matrices).transposed()
      slope = -symmetricPart(of: transposed, times: difference)
      both = 0.5 * (sandwich(transposed, difference) - transposed)
    }
    return gradients(slope, both, both, other, a.form, entries)
  }

  /// The derivatives of D = KL(Nⱼ ‖ Nᵢ), ``divergence(from:)``, in closed form. Here these are Nᵢ
  /// and the others Nⱼ, as in the similarity S(Nᵢ, Nⱼ) = −D.
  ///
  /// ```
  /// d = μᵢ − μⱼ
  /// ∂D/∂μᵢ = ½ (Σᵢ⁻¹ + Σᵢ⁻ᵀ) d                      = Σᵢ⁻¹ d;                  ∂/∂μⱼ = −∂/∂μᵢ
  /// ∂D/∂Σᵢ = ½ (Σᵢ⁻ᵀ − Σᵢ⁻ᵀ Σⱼᵀ Σᵢ⁻ᵀ − Σᵢ⁻ᵀ d dᵀ Σᵢ⁻ᵀ)  = ½ (Σᵢ⁻¹ − Σᵢ⁻¹ (Σⱼ + d dᵀ) Σᵢ⁻¹)
  /// ∂D/∂Σⱼ = ½ (Σᵢ⁻ᵀ − Σⱼ⁻ᵀ)                        = ½ (Σᵢ⁻¹ − Σⱼ⁻¹)
  /// ```
  ///
  /// On the right, where the covariances are symmetric.
  ///
  /// - Parameters:
  ///   - other: Nⱼ; batch axes broadcast, and the derivatives have one row for each pair.
  ///   - entries: What the variables of a full covariance are; ``CovarianceEntries/independent``
  ///     unless told otherwise. The formulas above are the independent ones.
  ///
  /// Source: the course's document 000, exercise 1, question 3.3.
  public func divergenceGradients(
    of other: Gaussians, entries: CovarianceEntries = .independent
  ) -> GaussianGradients {
    let (a, b) = Gaussians.aligned(self, other, in: "divergenceGradients")
    let difference = a.mean - b.mean
    let slope: Tensor
    let own: Tensor
    let others: Tensor
    switch (a.covariance, b.covariance) {
    case (.spherical(let v), .spherical(let w)):
      let inverse = 1 / v
      let n = Double(dimension)
      slope = inverse.expandingShape(at: -1) * difference
      own = 0.5 * (n * (inverse - w * square(inverse)) - square(slope).sum(along: -1))
      others = 0.5 * n * (inverse - 1 / w)
    case (.diagonal(let v), .diagonal(let w)):
      let inverse = 1 / v
      slope = inverse * difference
      own = 0.5 * (inverse - w * square(inverse) - square(slope))
      others = 0.5 * (inverse - 1 / w)
    default:
      let transposed = inverse(a.matrices).transposed()
      slope = symmetricPart(of: transposed, times: difference)
      let spread = matmul(matmul(transposed, b.matrices.transposed()), transposed)
      own = 0.5 * (transposed - spread - sandwich(transposed, difference))
      others = 0.5 * (transposed - inverse(b.matrices).transposed())
    }
    return gradients(slope, own, others, other, a.form, entries)
  }

  private func gradients(
    _ slope: Tensor, _ own: Tensor, _ others: Tensor, _ other: Gaussians,
    _ common: GaussianCovariance, _ entries: CovarianceEntries
  ) -> GaussianGradients {
    GaussianGradients(
      mean: slope, covariance: reduced(own, from: common, to: form, entries),
      otherMean: -slope, otherCovariance: reduced(others, from: common, to: other.form, entries))
  }

  /// The derivative with respect to a covariance in its own form, from that in a larger one.
  private func reduced(
    _ gradient: Tensor, from common: GaussianCovariance, to own: GaussianCovariance,
    _ entries: CovarianceEntries
  ) -> Tensor {
    switch (common, own) {
    case (.full, .full): entries.derivative(gradient)
    case (.full, .diagonal): gradient.diagonal()
    case (.full, .spherical): trace(gradient)
    case (.diagonal, .spherical): gradient.sum(along: -1)
    default: gradient
    }
  }
}

/// ½ (A + Aᵀ) x.
private func symmetricPart(of a: Tensor, times x: Tensor) -> Tensor {
  let column = x.expandingShape(at: -1)
  let sum = matmul(a, column) + matmul(a.transposed(), column)
  return 0.5 * sum.squeezed(-1)
}

/// A x xᵀ A, for A = S⁻ᵀ: the outer product of S⁻ᵀ x and S⁻¹ x.
private func sandwich(_ a: Tensor, _ x: Tensor) -> Tensor {
  let column = x.expandingShape(at: -1)
  return matmul(matmul(a, column), matmul(column.transposed(), a))
}
