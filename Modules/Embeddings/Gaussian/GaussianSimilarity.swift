import Core
internal import Kernels

/// How alike two Gaussians are, S(Nᵢ, Nⱼ): what replaces the scalar product of two vectors.
public enum GaussianSimilarity: String, CaseIterable, Sendable {
  /// K(Nᵢ, Nⱼ) = ∫ Nᵢ Nⱼ, as the course has it. Its margin has the unit of a density, and in many
  /// dimensions K and its derivative are 0 in floating point: for a few dimensions only.
  case kernel
  /// log K(Nᵢ, Nⱼ), as Vilnis and McCallum train it.
  case logKernel
  /// −KL(Nⱼ ‖ Nᵢ): high where Nⱼ lies inside of Nᵢ. Not symmetric.
  case negativeDivergence

  /// S(Nᵢ, Nⱼ), differentiable.
  ///
  /// - Parameters:
  ///   - i: Nᵢ, in training the word.
  ///   - j: Nⱼ, in training the context; batch axes broadcast.
  /// - Returns: […], the batch axes of the two.
  ///
  /// Source: the course's document 000, exercise 1, questions 2 and 3.
  public func callAsFunction(_ i: Gaussians, _ j: Gaussians) -> Tensor {
    switch self {
    case .kernel: i.kernel(with: j)
    case .logKernel: i.logKernel(with: j)
    case .negativeDivergence: -j.divergence(from: i)
    }
  }

  var kernel: apus_gaussian_similarity {
    switch self {
    case .kernel: .kernel
    case .logKernel: .log_kernel
    case .negativeDivergence: .negative_divergence
    }
  }
}
