public import Core

/// The closed-form derivatives of ln p(y | x) of course document 002, exercise 3, question 2.
public struct MixtureDerivatives: Sendable {
  /// γₖ = πₖ pₖ / Σₗ πₗ pₗ, how far each component is responsible for the target: […, K].
  public let responsibilities: Tensor
  /// ∂L/∂aπ = γ − π: […, K].
  public let logits: Tensor
  /// ∂L/∂aμ = γ (y − μ)/σ²: […, K].
  public let means: Tensor
  /// ∂L/∂aσ = γ ((y − μ)²/σ² − 1): […, K].
  public let logDeviations: Tensor

  /// The derivatives of L = ln Σₖ πₖ N(y | μₖ, σₖ²) for scalar targets.
  ///
  /// Of the log-likelihood, to be maximised; the loss
  /// ``mixtureNegativeLogLikelihood(_:targets:layout:minimumDeviation:reduction:)`` has the opposite sign.
  ///
  /// - Parameters:
  ///   - outputs: aπ, aμ, aσ side by side, […, 3K].
  ///   - targets: y, […].
  public init(outputs: Tensor, targets: Tensor) {
    let width = outputs.shape.last ?? 0
    require(
      width > 0 && width % 3 == 0,
      "MixtureDerivatives: outputs of shape \(outputs.shape) are not […, 3K]")
    let layout = MixtureLayout(components: width / 3)
    let (a, mu, logSigma, _) = layout.split(floating(outputs))
    require(
      targets.shape == Shape(outputs.shape.dropLast()),
      "MixtureDerivatives: targets of shape \(targets.shape) for outputs of \(outputs.shape)")
    let sigma = exp(logSigma.squeezed(-1))
    let z = (targets.expandingShape(at: -1) - mu.squeezed(-1)) / sigma
    let gamma = softmax(a - 0.5 * (z * z) - logSigma.squeezed(-1))
    responsibilities = gamma
    logits = gamma - softmax(a)
    means = gamma * z / sigma
    logDeviations = gamma * (z * z - 1)
  }
}
