import Core
internal import Kernels

/// How ``gelu(_:approximate:)`` computes the normal distribution function.
public enum GELUApproximation: Sendable {
  /// Exactly.
  case none
  /// By a hyperbolic tangent, as in the first transformers.
  case tanh
}

/// The Gaussian error linear unit.
///
///     gelu(x)  = x Φ(x)
///     gelu′(x) = Φ(x) + x φ(x)
///
/// Φ is the distribution function of the standard normal law and φ its density. With `.tanh`,
///
///     gelu(x)  = x s,  s = ½ (1 + tanh u),  u = √(2/π) (x + 0.044715 x³)
///     gelu′(x) = s + 2 x s (1 − s) u′
///
/// The tail for x → −∞ keeps its relative accuracy; at −∞ the value is the limit, 0.
///
/// Source: [Hendrycks and Gimpel 2016].
public func gelu(_ x: Tensor, approximate: GELUApproximation = .none) -> Tensor {
  switch approximate {
  case .none:
    fromInput(.gelu, floating(x), fused: .gelu_from_input) { x, upstream in
      // φ(40) is 0, in float64 too.
      let x = bounded(x, by: 40)
      return upstream * (normalDistribution(x) + x * normalDensity(x))
    }
  case .tanh:
    fromInput(.gelu_tanh, floating(x), fused: .gelu_tanh_from_input) { x, upstream in
      let x = bounded(x, by: 40)
      let scale = 2 * (2 / Double.pi).squareRoot()
      let s = sigmoid(scale * (x + 0.044715 * (x * x * x)))
      return upstream * (s + x * (s * (1 - s)) * (scale * (1 + 0.134145 * (x * x))))
    }
  }
}

/// Φ, with the relative accuracy of the exact GELU in the lower tail, where 1 + erf would cancel.
private func normalDistribution(_ x: Tensor) -> Tensor {
  differentiable(x) { x in
    select(x .> -1, 0.5 * (1 + erf(x * 0.5.squareRoot())), gelu(x) / x)
  } pullback: { x, _, upstream in
    upstream * normalDensity(x)
  }
}

private func normalDensity(_ x: Tensor) -> Tensor {
  (1 / (2 * Double.pi).squareRoot()) * exp(-0.5 * (x * x))
}

/// ``gelu(_:approximate:)`` as a layer.
public struct GELU: Layer, Sendable {
  /// The exact function, or its approximation by tanh.
  public let approximate: GELUApproximation

  /// A layer of the exact function (the default) or of its approximation.
  public init(approximate: GELUApproximation = .none) { self.approximate = approximate }
  public func callAsFunction(_ x: Tensor) -> Tensor { gelu(x, approximate: approximate) }
}
