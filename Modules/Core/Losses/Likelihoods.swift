/// The negative log-likelihood of counts under Poisson distributions, from the logarithms of their
/// rates.
///
/// ```
/// loss = e^x − t x
/// ```
///
/// The derivative with respect to x is e^x − t.
///
/// - Parameters:
///   - logRates: x, any shape.
///   - targets: The counts t, in the same shape.
///   - includesConstant: Whether ln t! is added, by Stirling's formula t ln t − t + ½ ln 2πt where
///     t > 1, and 0 elsewhere. It does not depend on the rates.
///   - reduction: The mean over all elements, their sum, or the loss of every element.
public func poissonNegativeLogLikelihood(
  logRates: Tensor, targets: Tensor, includesConstant: Bool = false, reduction: Reduction = .mean
) -> Tensor {
  pointwiseLoss(logRates, targets, reduction, named: "poissonNegativeLogLikelihood") { x, t in
    let losses = exp(x) - t * x
    return reduction.reduced(includesConstant ? losses + stirling(t) : losses)
  } slopes: { x, t, needs in
    (exp(x) - t, needs[1] ? (includesConstant ? stirlingSlope(t) - x : -x) : nil)
  }
}

/// The negative log-likelihood of counts under Poisson distributions.
///
/// ```
/// loss = λ − t ln(λ + 10⁻⁸)
/// ```
///
/// Prefer ``poissonNegativeLogLikelihood(logRates:targets:includesConstant:reduction:)`` where a
/// network can give the logarithm: it needs no rate to be positive.
///
/// - Parameters:
///   - rates: λ, any shape, not negative.
///   - targets: The counts t, in the same shape.
///   - includesConstant: Whether ln t! is added, by Stirling's formula.
///   - reduction: The mean over all elements, their sum, or the loss of every element.
public func poissonNegativeLogLikelihood(
  rates: Tensor, targets: Tensor, includesConstant: Bool = false, reduction: Reduction = .mean
) -> Tensor {
  let floor = 1e-8
  return pointwiseLoss(rates, targets, reduction, named: "poissonNegativeLogLikelihood") { x, t in
    let losses = x - t * log(x + floor)
    return reduction.reduced(includesConstant ? losses + stirling(t) : losses)
  } slopes: { x, t, needs in
    guard needs[1] else { return (1 - t / (x + floor), nil) }
    let logs = log(x + floor)
    return (1 - t / (x + floor), includesConstant ? stirlingSlope(t) - logs : -logs)
  }
}

/// Stirling's formula for ln t!, 0 where t ≤ 1.
private func stirling(_ t: Tensor) -> Tensor {
  let one = Tensor(1, dtype: t.dtype)
  let counts = select(t .> 1, t, one)
  let logs = log(counts)
  let formula = counts * logs - counts + 0.5 * logs + halfLogTwoPi
  return select(t .> 1, formula, Tensor(0, dtype: t.dtype))
}

/// Its derivative, ln t + 1/(2t).
private func stirlingSlope(_ t: Tensor) -> Tensor {
  let counts = select(t .> 1, t, Tensor(1, dtype: t.dtype))
  return select(t .> 1, log(counts) + 0.5 / counts, Tensor(0, dtype: t.dtype))
}

/// The negative log-likelihood of targets under normal distributions.
///
/// ```
/// loss = ½ (ln v + (t − μ)² / v)
/// ```
///
/// Variances below `minimumVariance` count as that, but keep the slope they would have there, so
/// that training can raise them again ([Nix 1994]).
///
/// [Nix 1994]: https://doi.org/10.1109/ICNN.1994.374138
///
/// - Parameters:
///   - means: μ, any shape.
///   - variances: v; a shape that broadcasts to that of the means. A negative variance traps.
///   - targets: t, in the shape of the means.
///   - minimumVariance: The least variance, above 0.
///   - includesConstant: Whether ½ ln 2π is added.
///   - reduction: The mean over all elements, their sum, or the loss of every element.
public func gaussianNegativeLogLikelihood(
  means: Tensor, variances: Tensor, targets: Tensor, minimumVariance: Double = 1e-6,
  includesConstant: Bool = false, reduction: Reduction = .mean
) -> Tensor {
  let name: StaticString = "gaussianNegativeLogLikelihood"
  let (means, targets) = promoted(floating(means), targets)
  require(
    means.shape == targets.shape,
    "\(name): the shapes \(means.shape) and \(targets.shape) differ; reshape one of them to the other"
  )
  require(minimumVariance > 0, "\(name): the least variance \(minimumVariance) is not positive")
  let raw = fitting(variances, means, name, "variances")
  require(!(raw.detached .< 0).any(), "\(name): a variance is negative; pass it through softplus")
  let v = differentiable(raw) {
    maximum($0, minimumVariance)
  } pullback: { _, _, upstream in
    upstream
  }
  let losses = 0.5 * (log(v) + square(targets - means) / v)
  return reduction.reduced(
    includesConstant ? losses + halfLogTwoPi : losses)
}

/// ½ ln 2π.
private let halfLogTwoPi = 0.91893853320467274
