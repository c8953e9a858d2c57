import Core
import Foundation

/// The greatest absolute value of an eigenvalue, complex ones included: the rate at which powers of a
/// square matrix grow.
///
/// ```
/// ρ(A) = lim ‖Aᵏ‖^(1/k)
/// ```
///
/// By squaring 50 times with the scale kept apart, in float64: what is left of the limit is far below
/// rounding. ρ(A) ≤ ‖A‖₂, and much less for a matrix that is far from normal.
///
/// - Parameter a: [n, n].
public func spectralRadius(_ a: Tensor) -> Double {
  require(
    a.rank == 2 && a.shape[0] == a.shape[1], "spectralRadius: shape \(a.shape) is not square")
  var power = stopGradient(a).cast(to: .float64)
  var logarithm = 0.0  // of the scale taken out, divided by the exponent reached
  var exponent = 1.0
  for round in 0...50 {
    let scale = (power * power).sum().item().squareRoot()
    if scale == 0 || a.count == 0 { return 0 }
    if !scale.isFinite { return .nan }
    logarithm += log(scale) / exponent
    if round < 50 {
      power = power / scale
      power = matmul(power, power)
      exponent *= 2
    }
  }
  return exp(logarithm)
}

extension Initializer {
  /// Normal numbers scaled so that the matrix has spectral norm `norm`: no vector is stretched by
  /// more. With norm < 1/γ for an activation with |σ′| ≤ γ, a plain recurrent network forgets (see
  /// ``ElmanCell/contraction``).
  ///
  /// - Parameter norm: ‖W‖₂.
  public static func spectralNorm(_ norm: Double) -> Initializer {
    scaledNormal("spectralNorm", to: norm) { Core.spectralNorm($0).item() }
  }

  /// Normal numbers scaled so that the matrix, a square one, has spectral radius `radius`: about 1 for
  /// a state that neither dies out nor explodes, as in echo state networks.
  ///
  /// - Parameter radius: ρ(W), the greatest absolute eigenvalue.
  ///
  /// [Jaeger 2001]: https://www.ai.rug.nl/minds/uploads/EchoStatesTechRep.pdf
  public static func spectralRadius(_ radius: Double) -> Initializer {
    scaledNormal("spectralRadius", to: radius) { Recurrent.spectralRadius($0) }
  }

  private static func scaledNormal(
    _ name: String, to target: Double, measure: @escaping @Sendable (Tensor) -> Double
  ) -> Initializer {
    require(target >= 0, "\(name): \(target) is negative")
    return Initializer { shape, _, _, generator in
      require(shape.count == 2, "\(name): shape \(shape) is no matrix")
      let matrix = Tensor.randomNormal(shape, dtype: .float64, using: &generator)
      let size = measure(matrix)
      return (size > 0 ? matrix * (target / size) : matrix).cast(to: .float32)
    }
  }
}
