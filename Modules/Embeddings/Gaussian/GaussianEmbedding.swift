import Core

/// Words as Gaussians: each number of a word stands for N(μ, Σ).
///
/// ```swift
/// let words = withRandom(seed: 7) { GaussianEmbedding(vocabulary.count, 50) }
/// let pairs = words(Tensor([3, 17] as [Int32]))                  // two Gaussians
/// ```
///
/// Covariances are positive definite by construction, whatever the parameters become: variances are
/// kept as logarithms, full covariances as Cholesky's factor Σ = L Lᵀ with the logarithms of its
/// diagonal.
///
/// Source: the course's document 000, exercise 1; [Vilnis and McCallum 2015]:
/// https://arxiv.org/abs/1412.6623.
public struct GaussianEmbedding: Layer, Sendable {
  /// The means: [words, n].
  public let mean: Parameter
  /// log σ²: [words, 1] or [words, n]; or the lower triangle of L by rows, its diagonal as
  /// logarithms: [words, n (n + 1) / 2].
  public let scale: Parameter
  /// The form of the covariances.
  public let covariance: GaussianCovariance

  /// Means drawn from N(0, d² I), and Σ = v I for all words.
  ///
  /// - Parameters:
  ///   - count: The number of words.
  ///   - dimension: n, at least 1.
  ///   - covariance: The form of the covariances; diagonal unless told otherwise.
  ///   - deviation: d, at each axis; 1/√n unless told otherwise, for a length of about 1.
  ///   - variance: v; 1 unless told otherwise.
  public init(
    _ count: Int, _ dimension: Int, covariance: GaussianCovariance = .diagonal,
    deviation: Double? = nil, variance: Double = 1
  ) {
    require(
      count >= 0 && dimension >= 1, "GaussianEmbedding: \(count) words in \(dimension) dimensions")
    require(variance > 0, "GaussianEmbedding: the variance \(variance) is not positive")
    let deviation = deviation ?? 1 / Double(dimension).squareRoot()
    var generator = RandomGenerator.split()
    mean = Parameter(.randomNormal([count, dimension], deviation: deviation, using: &generator))
    let width = covariance.parameterCount(dimension: dimension)
    let logarithm = log(Tensor.full([], variance)).item()
    if covariance == .full {
      let isDiagonal = Tensor.identity(dimension).gatheredTriangle()
      scale = Parameter(Tensor.zeros([count, width]) + (0.5 * logarithm) * isDiagonal)
    } else {
      scale = Parameter(.full([count, width], logarithm))
    }
    self.covariance = covariance
  }

  /// Given parameters; traps when their shapes do not fit the form.
  public init(mean: Parameter, scale: Parameter, covariance: GaussianCovariance) {
    require(
      mean.shape.count == 2 && mean.shape[1] >= 1,
      "GaussianEmbedding: means of shape \(mean.shape), not [words, dimensions]")
    let width = covariance.parameterCount(dimension: mean.shape[1])
    require(
      scale.shape == [mean.shape[0], width] && scale.dtype == mean.dtype,
      "GaussianEmbedding: a scale of \(scale.dtype) and shape \(scale.shape) for \(covariance) "
        + "covariances, means of \(mean.dtype) and shape \(mean.shape)")
    self.mean = mean
    self.scale = scale
    self.covariance = covariance
  }

  /// The number of words.
  public var count: Int { mean.shape[0] }
  /// The number of dimensions, n.
  public var dimension: Int { mean.shape[1] }
  /// The Gaussians of all words, in order.
  public var gaussians: Gaussians { gaussians(mean.value, scale.value) }

  /// The Gaussians of words.
  ///
  /// - Parameter words: Numbers of words, an integer tensor of any shape; one out of range traps.
  /// - Returns: Gaussians with the axes of `words` for batch axes.
  public func callAsFunction(_ words: Tensor) -> Gaussians {
    gaussians(mean.value.gathered(at: words), scale.value.gathered(at: words))
  }

  /// log |Σ| of all words, [words]: low for a word of one meaning, high for a general one.
  public var logDeterminants: Tensor {
    switch covariance {
    case .spherical: Double(dimension) * scale.value.squeezed(-1)
    case .diagonal: scale.value.sum(along: -1)
    case .full: 2 * scale.value.spreadTriangle(dimension).diagonal().sum(along: -1)
    }
  }

  private func gaussians(_ mean: Tensor, _ scale: Tensor) -> Gaussians {
    switch covariance {
    case .spherical: return Gaussians(mean: mean, .spherical(exp(scale).squeezed(-1)))
    case .diagonal: return Gaussians(mean: mean, .diagonal(exp(scale)))
    case .full:
      let factor = scale.choleskyFactor(dimension)
      return Gaussians(mean: mean, .full(matmul(factor, factor.transposed())))
    }
  }
}

extension GaussianEmbedding: SummarizedLayer {
  public var summaryKind: String { "GaussianEmbedding, \(covariance.rawValue)" }
}
