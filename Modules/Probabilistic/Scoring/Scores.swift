public import Core

// Proper scores: in expectation, none is better than the true distribution's. Lower is better.

/// The logarithmic score, −ln p(y), of every target.
///
/// - Parameter targets: […, batch…, event…].
/// - Returns: […, batch…].
///
/// Source: Good 1952, "Rational decisions".
public func logScore(_ distribution: some Distribution, targets: Tensor) -> Tensor {
  -distribution.logDensity(targets)
}

/// The continuous ranked probability score of Gaussian mixtures, in closed form.
///
/// ```
/// CRPS = ∫ (F(t) − 𝟏{t ≥ y})² dt = E|X − y| − ½ E|X − X′|
///      = Σₖ πₖ A(y − μₖ, σₖ²) − ½ Σₖ Σₗ πₖ πₗ A(μₖ − μₗ, σₖ² + σₗ²)
/// A(m, v) = E|m + √v Z| = 2 √v φ(m/√v) + m (2Φ(m/√v) − 1)
/// ```
///
/// In the unit of the targets; for a point forecast it is the absolute error. Differentiable, and a
/// loss that forgives outliers. O(K²).
///
/// - Parameter targets: […, batch…].
/// - Returns: […, batch…].
///
/// Source: Grimit et al. 2006, "The continuous ranked probability score for circular variables and its
/// application to mesoscale forecast ensemble verification".
public func continuousRankedProbabilityScore(_ mixture: Mixture<Normal>, targets: Tensor) -> Tensor
{
  let (pi, mu) = (mixture.weights.probabilities, mixture.components.mean)
  let variance = mixture.components.variance
  let off = asValue(targets, mixture.dtype).expandingShape(at: -1) - mu
  let error = (pi * meanDistance(off, variance)).sum(along: -1)
  func column(_ x: Tensor) -> Tensor { x.expandingShape(at: -1) }
  func row(_ x: Tensor) -> Tensor { x.expandingShape(at: -2) }
  let pairs = meanDistance(column(mu) - row(mu), column(variance) + row(variance))
  let spread = (column(pi) * row(pi) * pairs).sum(along: -1).sum(along: -1)
  return error - 0.5 * spread
}

/// The continuous ranked probability score of normal distributions, in closed form.
///
/// ```
/// CRPS = σ (z (2Φ(z) − 1) + 2φ(z) − 1/√π),   z = (y − μ)/σ
/// ```
///
/// Source: Gneiting et al. 2005, "Calibrated probabilistic forecasting using ensemble model output
/// statistics and minimum CRPS estimation".
public func continuousRankedProbabilityScore(_ distribution: Normal, targets: Tensor) -> Tensor {
  let off = asValue(targets, distribution.dtype) - distribution.mean
  return meanDistance(off, distribution.variance)
    - distribution.deviation * (1 / Double.pi.squareRoot())
}

/// E|m + √v Z| for a standard normal Z.
private func meanDistance(_ m: Tensor, _ v: Tensor) -> Tensor {
  let sigma = sqrt(v)
  let z = m / sigma
  return 2 * sigma * normalDensity(z) + m * erf(z * 0.5.squareRoot())
}
