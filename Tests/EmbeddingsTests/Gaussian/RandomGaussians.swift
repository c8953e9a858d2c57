import Core
import Embeddings

/// Random Gaussians in float64, well away from singular ones.
///
/// - Parameter symmetric: Whether full covariances are symmetric; else an antisymmetric part is
///   added, which the formulas take as they take any other entry.
func randomGaussians(
  _ batch: Shape, _ n: Int, _ form: GaussianCovariance, symmetric: Bool = true,
  using generator: inout RandomGenerator
) -> Gaussians {
  func normal(_ shape: [Int]) -> Tensor {
    .randomNormal(Shape(Array(batch) + shape), dtype: .float64, using: &generator)
  }
  let mean = normal([n])
  switch form {
  case .spherical: return Gaussians(mean: mean, .spherical(exp(0.5 * normal([]))))
  case .diagonal: return Gaussians(mean: mean, .diagonal(exp(0.5 * normal([n]))))
  case .full:
    let a = normal([n, n])
    let square = matmul(a, a.transposed()) / Double(n) + 0.5 * .identity(n, dtype: .float64)
    let b = normal([n, n])
    let skew = symmetric ? 0 : 0.2 / Double(n).squareRoot()
    return Gaussians(mean: mean, .full(square + skew * (b - b.transposed())))
  }
}

extension Gaussians {
  /// The numbers that hold Σ.
  var parameters: Tensor {
    switch covariance {
    case .spherical(let x), .diagonal(let x), .full(let x): x
    }
  }

  /// Gaussians of the same form with other numbers.
  func with(mean: Tensor, parameters: Tensor) -> Gaussians {
    switch form {
    case .spherical: Gaussians(mean: mean, .spherical(parameters))
    case .diagonal: Gaussians(mean: mean, .diagonal(parameters))
    case .full: Gaussians(mean: mean, .full(parameters))
    }
  }

  /// log N(z; μ, Σ) from the definition, for one Gaussian and z: [points, n].
  func logDensity(_ z: Tensor) -> Tensor {
    let difference = z - mean
    let solved = matmul(difference, inverse(matrices).transposed())
    let square = (difference * solved).sum(along: -1)
    let constant = Double(dimension) * 1.8378770664093454836
    return -0.5 * (square + log(determinant(matrices)) + constant)
  }
}
