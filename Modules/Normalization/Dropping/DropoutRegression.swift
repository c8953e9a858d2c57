import Core

/// The expectation, over the mask, of the squared error of a linear regression with dropout on its
/// inputs: ridge regression with each weight's penalty in proportion to its feature's energy.
///
/// ```
/// E ‖y − (X ⊙ R) w‖² = ‖y − p X w‖² + p (1 − p) ‖Γ w‖²,   Rᵢⱼ ∼ Bernoulli(p)
/// Γ = diag(XᵀX)^½
/// ```
///
/// With inverted dropout, X ⊙ R / p, it is ‖y − X w‖² + (1 − p)/p ‖Γ w‖² (course document 004,
/// question 3.3).
///
/// - Parameters:
///   - inputs: X, [examples, features].
///   - targets: y, [examples].
///   - weights: w, [features].
///   - keeping: p, the probability that an element is *kept*, above 0.
///   - isInverted: Whether kept elements are divided by p, as ``Dropout`` does.
public func expectedDropoutLoss(
  inputs: Tensor, targets: Tensor, weights: Tensor, keeping p: Double, isInverted: Bool = true
) -> Tensor {
  require(
    p > 0 && p <= 1, "expectedDropoutLoss: the probability \(p) of keeping is not in (0, 1]")
  let energy = square(inputs).sum(along: 0)  // [features], the diagonal of Γ²
  let penalty = (energy * square(weights)).sum()
  let prediction = matmul(inputs, weights)
  let (slope, factor) = isInverted ? (1, (1 - p) / p) : (p, p * (1 - p))
  return square(targets - slope * prediction).sum() + factor * penalty
}
