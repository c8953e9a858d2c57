import Core

/// A covariance in the form in which it was given, and what a normal distribution asks of it.
enum CovarianceScale: Sendable {
  /// Lower triangular, [batch…, d, d].
  case full(Tensor)
  /// Deviations, [batch…, d].
  case diagonal(Tensor)
  case lowRank(LowRankScale)

  var dimension: Int {
    switch self {
    case .full(let factor): factor.shape[factor.rank - 1]
    case .diagonal(let deviations): deviations.shape.last ?? 1
    case .lowRank(let scale): scale.diagonal.shape[scale.diagonal.rank - 1]
    }
  }

  var batchShape: Shape {
    switch self {
    case .full(let factor): Shape(factor.shape.dropLast(2))
    case .diagonal(let deviations): Shape(deviations.shape.dropLast())
    case .lowRank(let scale): Shape(scale.diagonal.shape.dropLast())
    }
  }

  var dtype: DType {
    switch self {
    case .full(let x), .diagonal(let x): x.dtype
    case .lowRank(let scale): scale.diagonal.dtype
    }
  }

  func cast(to dtype: DType) -> CovarianceScale {
    if dtype == self.dtype { return self }
    switch self {
    case .full(let factor): return .full(factor.cast(to: dtype))
    case .diagonal(let deviations): return .diagonal(deviations.cast(to: dtype))
    case .lowRank(let scale):
      return .lowRank(LowRankScale(scale.factor.cast(to: dtype), scale.diagonal.cast(to: dtype)))
    }
  }

  /// A with A Aᵀ = Σ: [batch…, d, d or more].
  var root: Tensor {
    switch self {
    case .full(let factor): factor
    case .diagonal(let deviations): diagonalMatrix(deviations)
    case .lowRank(let scale):
      concatenated([scale.factor, diagonalMatrix(sqrt(scale.diagonal))], along: -1)
    }
  }

  var covariance: Tensor {
    switch self {
    case .full(let factor): matmul(factor, factor.transposed(-1, -2))
    case .diagonal(let deviations): diagonalMatrix(deviations * deviations)
    case .lowRank(let scale):
      matmul(scale.factor, scale.factor.transposed(-1, -2)) + diagonalMatrix(scale.diagonal)
    }
  }

  var variance: Tensor {
    switch self {
    case .full(let factor): (factor * factor).sum(along: -1)
    case .diagonal(let deviations): deviations * deviations
    case .lowRank(let scale): (scale.factor * scale.factor).sum(along: -1) + scale.diagonal
    }
  }

  var logDeterminant: Tensor {
    switch self {
    case .full(let factor): 2 * log(Core.diagonal(factor)).sum(along: -1)
    case .diagonal(let deviations): 2 * log(deviations).sum(along: -1)
    case .lowRank(let scale): scale.logDeterminant
    }
  }

  /// cᵀ Σ⁻¹ c of each column: […, d, n] → […, n].
  func squaredLengths(_ columns: Tensor) -> Tensor {
    switch self {
    case .full(let factor):
      let white = triangularSolve(factor, columns)
      return (white * white).sum(along: -2)
    case .diagonal(let deviations):
      let white = columns / deviations.expandingShape(at: -1)
      return (white * white).sum(along: -2)
    case .lowRank(let scale): return scale.squaredLengths(columns)
    }
  }

  /// Noise with this covariance, of shape […, d].
  func colored(_ shape: Shape, _ dtype: DType, using generator: inout RandomGenerator) -> Tensor {
    let noise = Tensor.randomNormal(shape, dtype: dtype, using: &generator)
    switch self {
    case .full(let factor): return matmul(factor, noise.expandingShape(at: -1)).squeezed(-1)
    case .diagonal(let deviations): return deviations * noise
    case .lowRank(let scale):
      let rank = scale.factor.shape[scale.factor.rank - 1]
      let common = Tensor.randomNormal(
        Shape(Array(shape.dropLast()) + [rank]), dtype: dtype, using: &generator)
      return matmul(scale.factor, common.expandingShape(at: -1)).squeezed(-1)
        + sqrt(scale.diagonal) * noise
    }
  }
}

/// Σ = W Wᵀ + diag(v), by Woodbury's identity over C = I + Wᵀ diag(v)⁻¹ W.
struct LowRankScale: Sendable {
  /// W, [batch…, d, r].
  let factor: Tensor
  /// v, [batch…, d].
  let diagonal: Tensor
  /// diag(v)⁻¹ W.
  private let weighted: Tensor
  /// The Cholesky factor of C, [batch…, r, r].
  private let capacitance: Tensor

  init(_ factor: Tensor, _ diagonal: Tensor) {
    self.factor = factor
    self.diagonal = diagonal
    weighted = factor / diagonal.expandingShape(at: -1)
    let rank = factor.shape[factor.rank - 1]
    capacitance = cholesky(
      matmul(factor.transposed(-1, -2), weighted) + Tensor.identity(rank, dtype: factor.dtype))
  }

  var logDeterminant: Tensor {
    log(diagonal).sum(along: -1) + 2 * log(Core.diagonal(capacitance)).sum(along: -1)
  }

  func squaredLengths(_ columns: Tensor) -> Tensor {
    let plain = (columns * columns / diagonal.expandingShape(at: -1)).sum(along: -2)
    let inner = triangularSolve(capacitance, matmul(weighted.transposed(-1, -2), columns))
    return plain - (inner * inner).sum(along: -2)
  }
}
