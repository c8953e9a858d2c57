public import Core

// All work in float64 inside, whatever the type of their arguments.

/// ln |Γ(x)|.
///
/// The derivative is ``digamma(_:)``. Within 2 units in the last place for x > 0.
public func logGamma(_ x: Tensor) -> Tensor {
  differentiable(floating(x)) {
    special(.log_gamma, $0)
  } pullback: { x, _, upstream in
    upstream * digamma(x)
  }
}

/// ψ(x) = Γ′(x) / Γ(x), the derivative of ``logGamma(_:)``. NaN at 0, −1, −2, ….
///
/// Relative error about 10⁻¹⁴ for x > 0, near the root at 1.4616 too.
public func digamma(_ x: Tensor) -> Tensor {
  differentiable(floating(x)) {
    special(.digamma, $0)
  } pullback: { x, _, upstream in
    upstream * polygamma(1, x)
  }
}

/// ψ⁽ⁿ⁾(x), derivative number n of ``digamma(_:)``.
///
/// ```
/// ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! Σₖ (x + k)⁻ⁿ⁻¹,   k = 0, 1, …
/// ```
///
/// - Parameter order: n ≥ 0; 1 is the trigamma function.
public func polygamma(_ order: Int, _ x: Tensor) -> Tensor {
  require(order >= 0, "polygamma: the order \(order) is negative")
  if order == 0 { return digamma(x) }
  return differentiable(floating(x)) { x in
    special(.polygamma, Tensor.full(x.shape, Double(order), dtype: x.dtype), x)
  } pullback: { x, _, upstream in
    upstream * polygamma(order + 1, x)
  }
}

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b) for a, b > 0, without cancelling where one of them
/// is large.
///
/// Shapes broadcast. Relative error about 10⁻¹⁵, absolute where B is near 1.
public func logBeta(_ a: Tensor, _ b: Tensor) -> Tensor {
  let both = aligned(a, b, in: "logBeta")
  return differentiable(both[0], both[1]) {
    special(.log_beta, $0, $1)
  } pullback: { a, b, _, upstream in
    let sum = digamma(a + b)
    return (upstream * (digamma(a) - sum), upstream * (digamma(b) - sum))
  }
}

/// ln of the binomial coefficient (n over k), for real n ≥ k ≥ 0. Shapes broadcast.
public func logBinomial(_ n: Tensor, _ k: Tensor) -> Tensor {
  let both = aligned(n, k, in: "logBinomial")
  return differentiable(both[0], both[1]) {
    special(.binomial_log, $0, $1)
  } pullback: { n, k, _, upstream in
    let rest = digamma(n - k + 1)
    return (upstream * (digamma(n + 1) - rest), upstream * (rest - digamma(k + 1)))
  }
}
