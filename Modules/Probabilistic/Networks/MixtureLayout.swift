public import Core

/// How the outputs of a network parametrise a Gaussian mixture.
///
/// With K components and D targets a row of outputs is
///
/// ```
/// aπ [K] | aμ [K, D] | aσ [K, D] | c [K, D (D − 1)/2]
/// πₖ = softmax(aπ)ₖ,   μₖ = aμₖ,   σₖ = exp(aσₖ)
/// ```
///
/// as in course document 002, exercise 3, where D = 1. The last part is there with a full covariance
/// only: row by row the strictly lower triangle of Cₖ, unit lower triangular, with
/// Σₖ⁻¹ = Cₖᵀ diag(σₖ)⁻² Cₖ. So each σ is the deviation of one target given those before it, any outputs
/// give a positive definite covariance, and no density needs a matrix to be inverted.
///
/// [Bishop 1994]: https://publications.aston.ac.uk/id/eprint/373/
/// [Williams 1996]: https://doi.org/10.1162/neco.1996.8.4.843
///
/// Source: [Bishop 1994]; [Williams 1996] for the full covariance.
public struct MixtureLayout: Sendable, Hashable {
  /// What of the covariances of vector targets is free.
  public enum Covariance: Sendable, Hashable, CaseIterable {
    /// Given the component, targets are independent.
    case diagonal
    /// Every target depends on those before it.
    case full
  }

  /// K.
  public let components: Int
  /// D.
  public let targets: Int
  /// Which covariances components have.
  public let covariance: Covariance

  /// - Parameters:
  ///   - components: K ≥ 1.
  ///   - targets: D ≥ 1; default 1, a scalar target.
  ///   - covariance: Default diagonal.
  public init(components: Int, targets: Int = 1, covariance: Covariance = .diagonal) {
    require(
      components >= 1 && targets >= 1,
      "MixtureLayout: \(components) components over \(targets) targets; both must be at least 1")
    (self.components, self.targets, self.covariance) = (components, targets, covariance)
  }

  /// The number of outputs in a row.
  public var width: Int { components * (1 + 2 * targets + couplings) }

  /// The numbers of c for one component.
  var couplings: Int { covariance == .full ? targets * (targets - 1) / 2 : 0 }

  /// The parts of a row of outputs.
  ///
  /// - Parameter outputs: […, width].
  /// - Returns: aπ […, K], aμ and aσ […, K, D], and c […, K, D (D − 1)/2], which may be empty.
  public func split(_ outputs: Tensor) -> (
    logits: Tensor, means: Tensor, logDeviations: Tensor, couplings: Tensor
  ) {
    requireWidth(outputs, in: "MixtureLayout.split")
    let block = components * targets
    let parts = outputs.split(
      sizes: [components, block, block, components * couplings], along: -1)
    func shaped(_ part: Tensor, _ columns: Int) -> Tensor {
      part.reshaped(Shape(Array(part.shape.dropLast()) + [components, columns]))
    }
    return (
      parts[0], shaped(parts[1], targets), shaped(parts[2], targets), shaped(parts[3], couplings)
    )
  }

  /// C − I: […, K, D (D − 1)/2] → […, K, D, D], strictly lower triangular.
  func lowerCouplings(_ couplings: Tensor) -> Tensor {
    var places = [Double](repeating: 0, count: self.couplings * targets * targets)
    var index = 0
    for row in 0..<targets {
      for column in 0..<row {
        places[index * targets * targets + row * targets + column] = 1
        index += 1
      }
    }
    let spread = Tensor(places, dtype: couplings.dtype)
      .reshaped([self.couplings, targets * targets])
    return matmul(couplings, spread)
      .reshaped(Shape(Array(couplings.shape.dropLast()) + [targets, targets]))
  }

  func requireWidth(_ outputs: Tensor, in operation: String) {
    require(
      outputs.rank >= 1 && outputs.shape[outputs.rank - 1] == width,
      """
      \(operation): outputs of shape \(outputs.shape), but \(components) components over \(targets) \
      targets with \(covariance) covariance take \(width) columns
      """)
  }
}

extension MixtureLayout {
  /// The conditional mixtures of scalar targets: outputs […, 3K] → a batch […].
  ///
  /// Log deviations are bounded to ±80 (float32) or ±700, where their exponentials exist. Traps when
  /// the layout has more than one target: see ``vectorMixture(_:)``.
  public func scalarMixture(_ outputs: Tensor) -> Mixture<Normal> {
    require(targets == 1, "scalarMixture: the layout has \(targets) targets; use vectorMixture")
    let (logits, means, logDeviations, _) = split(floating(outputs))
    return Mixture(
      weights: Categorical(logits: logits),
      components: Normal(
        mean: means.squeezed(-1), deviation: deviations(logDeviations).squeezed(-1)))
  }

  /// The conditional mixtures of vector targets: outputs […, width] → a batch […] over D targets.
  public func vectorMixture(_ outputs: Tensor) -> Mixture<MultivariateNormal> {
    let (logits, means, logDeviations, couplings) = split(floating(outputs))
    let sigma = deviations(logDeviations)
    let weights = Categorical(logits: logits)
    guard self.couplings > 0 else {
      return Mixture(
        weights: weights, components: MultivariateNormal(mean: means, deviations: sigma))
    }
    // Σ = C⁻¹ diag(σ²) C⁻ᵀ
    let unit = lowerCouplings(couplings) + Tensor.identity(targets, dtype: means.dtype)
    let factor = triangularSolve(unit, diagonalMatrix(sigma), unitDiagonal: true)
    return Mixture(
      weights: weights, components: MultivariateNormal(mean: means, choleskyFactor: factor))
  }

  private func deviations(_ logDeviations: Tensor) -> Tensor {
    let bound: Double = logDeviations.dtype == .float32 ? 80 : 700
    return exp(logDeviations.clamped(to: -bound...bound))
  }
}
