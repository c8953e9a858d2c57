/// The Kullback–Leibler divergence of distributions over the last axis, from log-probabilities.
///
/// ```
/// KL(t ‖ p) = Σⱼ tⱼ (ln tⱼ − ln pⱼ)
/// ```
///
/// A class whose target is 0 counts nothing. The derivative with respect to ln p is −t.
///
/// - Parameters:
///   - logProbabilities: […, classes], ln p, as ``logSoftmax(_:along:)`` gives it.
///   - targets: The same shape; each row is the distribution t.
///   - reduction: The mean over the rows, their sum, or the divergence of every row.
public func klDivergence(
  logProbabilities: Tensor, targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let (logs, t) = promoted(floating(logProbabilities), targets)
  requireDistributions(logs, t, in: "klDivergence")
  // Where t is 0, both logarithms are replaced before they meet it: 0 · ∞ has no value, and neither
  // has its derivative.
  let isZero = t.detached .== 0
  let ratio =
    log(select(isZero, Tensor.ones(like: t), t))
    - select(isZero, Tensor.zeros(like: logs), logs)
  return reduction.reduced((t * ratio).sum(along: -1))
}

/// The Kullback–Leibler divergence of distributions over the last axis, both as log-probabilities.
///
/// ```
/// KL(t ‖ p) = Σⱼ e^(ln tⱼ) (ln tⱼ − ln pⱼ)
/// ```
///
/// A class whose target is 0, with logarithm −∞, counts nothing.
///
/// - Parameters:
///   - logProbabilities: […, classes], ln p, as ``logSoftmax(_:along:)`` gives it.
///   - logTargets: The same shape; ln t, as a teacher's log-softmax.
///   - reduction: The mean over the rows, their sum, or the divergence of every row.
public func klDivergence(
  logProbabilities: Tensor, logTargets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let (logs, targets) = promoted(floating(logProbabilities), floating(logTargets))
  requireDistributions(logs, targets, in: "klDivergence")
  let isZero = targets.detached .== -Double.infinity
  let zeros = Tensor.zeros(like: logs)
  let ratio = select(isZero, zeros, targets) - select(isZero, zeros, logs)
  return reduction.reduced((exp(targets) * ratio).sum(along: -1))
}
