public import Core

private let twoOverRootPi = 2 / Double.pi.squareRoot()

/// erfc(x) = 1 − erf(x), relative precision kept where it is tiny.
public func erfc(_ x: Tensor) -> Tensor {
  differentiable(floating(x)) {
    special(.erfc, $0)
  } pullback: { x, _, upstream in
    upstream * (-twoOverRootPi * exp(-(x * x)))
  }
}

/// The y with erf(y) = x, for −1 ≤ x ≤ 1; NaN elsewhere.
public func erfInverse(_ x: Tensor) -> Tensor {
  differentiable(floating(x)) {
    special(.erf_inverse, $0)
  } pullback: { _, y, upstream in
    upstream * exp(y * y) / twoOverRootPi
  }
}

/// The y with ``erfc(_:)`` of y equal to x, for 0 ≤ x ≤ 2: relative precision kept for tiny x.
public func erfcInverse(_ x: Tensor) -> Tensor {
  differentiable(floating(x)) {
    special(.erfc_inverse, $0)
  } pullback: { _, y, upstream in
    upstream * exp(y * y) / -twoOverRootPi
  }
}

/// Φ(z), the distribution function of the standard normal distribution, precise in both tails.
func normalCumulative(_ z: Tensor) -> Tensor { 0.5 * erfc(z * -0.5.squareRoot()) }

/// Φ⁻¹(p).
func normalQuantile(_ p: Tensor) -> Tensor { -2.0.squareRoot() * erfcInverse(2 * p) }

/// φ(z), the standard normal density.
func normalDensity(_ z: Tensor) -> Tensor { exp(-0.5 * (z * z) - halfLogTwoPi) }

/// ½ ln 2π.
let halfLogTwoPi = 0.91893853320467274178
