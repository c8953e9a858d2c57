public import Core

/// The logarithm of the product kernel (expected likelihood) of two normal distributions.
///
/// ```
/// K(p, q) = ∫ p(x) q(x) dx = N(μp; μq, σp² + σq²)
/// ```
///
/// Symmetric, and never needs the integral ([Jebara 2004]; course document 000, exercise 1).
///
/// [Jebara 2004]: https://www.jmlr.org/papers/v5/jebara04a.html
///
/// - Returns: The batch shapes of both, broadcast.
public func logProductKernel(_ p: Normal, _ q: Normal) -> Tensor {
  Normal(mean: q.mean, deviation: sqrt(p.variance + q.variance)).logDensity(p.mean)
}

/// The logarithm of the product kernel of two multivariate normal distributions.
///
/// ```
/// K(p, q) = ∫ p(x) q(x) dx = N(μp; μq, Σp + Σq)
/// ```
///
/// O(d) where both covariances are diagonal, else O(d³).
public func logProductKernel(_ p: MultivariateNormal, _ q: MultivariateNormal) -> Tensor {
  require(
    p.dimension == q.dimension,
    "logProductKernel: normal distributions of dimensions \(p.dimension) and \(q.dimension)")
  if case .diagonal = p.scale, case .diagonal = q.scale {
    return MultivariateNormal(mean: q.mean, deviations: sqrt(p.variance + q.variance))
      .logDensity(p.mean)
  }
  return MultivariateNormal(mean: q.mean, covariance: p.covariance + q.covariance)
    .logDensity(p.mean)
}
