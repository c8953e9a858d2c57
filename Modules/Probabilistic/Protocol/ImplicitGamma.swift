import Core

/// ln of standard gamma numbers, one for each element of `concentration`, in float64.
///
/// Logarithms, because below concentration 1 the numbers themselves underflow: there
/// ln G(α) = ln G(α + 1) + ln(U) / α.
///
/// The derivative is the implicit one: along constant P(α, z), z moves with α.
func logGammaSample(_ concentration: Tensor, using generator: inout RandomGenerator) -> Tensor {
  differentiable(concentration.cast(to: .float64)) { alpha in
    let isSmall = alpha .< 1
    let drawn = log(
      Tensor.randomGamma(concentration: select(isSmall, alpha + 1, alpha), using: &generator))
    if !isSmall.any() { return drawn }
    let uniform = Tensor.randomExponential(alpha.shape, dtype: .float64, using: &generator)
    return select(isSmall, drawn - uniform / alpha, drawn)
  } pullback: { alpha, logarithm, upstream in
    let slope = special(.gamma_slope, alpha, logarithm)
    return upstream * onceOnly(slope, of: alpha, in: "reparameterizedSample")
  }
}
