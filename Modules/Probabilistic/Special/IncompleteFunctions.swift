public import Core

/// The regularised incomplete gamma function, the distribution function of a gamma number.
///
/// ```
/// P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt,   a > 0, x ≥ 0
/// ```
///
/// Shapes broadcast; NaN outside the domain. The derivative with respect to x is to any order, that
/// with respect to a once: a second one traps. Takes O(√a) steps where x is near a.
public func incompleteGamma(_ a: Tensor, _ x: Tensor) -> Tensor {
  let both = aligned(a, x, in: "incompleteGamma")
  return differentiable(both[0], both[1]) {
    special(.gamma_lower, $0, $1)
  } pullback: { a, x, _, upstream in
    gammaSlopes(a, x, upstream)
  }
}

/// 1 − P(a, x) of ``incompleteGamma(_:_:)``, without cancelling where that is near 1.
public func incompleteGammaComplement(_ a: Tensor, _ x: Tensor) -> Tensor {
  let both = aligned(a, x, in: "incompleteGammaComplement")
  return differentiable(both[0], both[1]) {
    special(.gamma_upper, $0, $1)
  } pullback: { a, x, _, upstream in
    gammaSlopes(a, x, -upstream)
  }
}

private func gammaSlopes(_ a: Tensor, _ x: Tensor, _ upstream: Tensor) -> (Tensor, Tensor) {
  let logX = log(x)
  let slope = upstream * exp((a - 1) * logX - x - logGamma(a))
  // Along P = const, d ln x / da is `implicit`, hence ∂P/∂a = −∂P/∂x · x · implicit.
  let implicit = special(.gamma_slope, a, logX)
  return (-slope * x * onceOnly(implicit, of: a, in: "incompleteGamma"), slope)
}

/// The regularised incomplete beta function, the distribution function of a beta number.
///
/// ```
/// I(x; a, b) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹ (1 − t)ᵇ⁻¹ dt,   a, b > 0, 0 ≤ x ≤ 1
/// ```
///
/// Shapes broadcast; NaN outside the domain. Differentiable with respect to x; a tracked a or b
/// traps when its derivative is asked for.
public func incompleteBeta(_ a: Tensor, _ b: Tensor, _ x: Tensor) -> Tensor {
  let all = aligned(a, b, x, in: "incompleteBeta")
  let value = special(.beta_lower, all[0], all[1], all[2])
  let saved = all.map(Saved.init)
  return value.recorded(from: all) { upstream, node, needs in
    require(
      !needs[0] && !needs[1], "incompleteBeta: the derivative with respect to a and b is unknown")
    let (a, b, x) = (
      saved[0].restored(nil), saved[1].restored(nil), saved[2].restored(node.input(2))
    )
    let slope = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - logBeta(a, b))
    return Cotangents(all: [nil, nil, upstream * slope])
  }
}
