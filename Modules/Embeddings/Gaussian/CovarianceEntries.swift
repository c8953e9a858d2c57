import Core

/// What a derivative with respect to a full covariance takes for the variables.
public enum CovarianceEntries: String, CaseIterable, Sendable {
  /// All n² entries, each on its own: entry (k, l) of the derivative is ∂f/∂Σₖₗ with Σₗₖ left as it
  /// is. The formula of f is read as it stands for matrices that need not be symmetric. This is
  /// what automatic differentiation gives.
  case independent
  /// The n (n + 1) / 2 entries on and below the diagonal, of which each one beside the diagonal
  /// moves Σₖₗ and Σₗₖ together: with G the independent derivative, G + Gᵀ − diag(G).
  case symmetric

  /// The derivative in this convention, from the independent one.
  func derivative(_ independent: Tensor) -> Tensor {
    switch self {
    case .independent: independent
    case .symmetric: independent + independent.transposed() - diagonalMatrix(independent.diagonal())
    }
  }
}
