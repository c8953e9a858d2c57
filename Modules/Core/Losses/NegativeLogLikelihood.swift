/// The negative log-likelihood of class labels: −w_label ln p_label.
///
/// - Parameters:
///   - logProbabilities: […, classes], as ``logSoftmax(_:along:)`` gives them.
///   - labels: […], `int32` or `int64`, each within 0..<classes or the ignored one; another traps.
///   - classWeights: w, [classes], constants; all 1 by default.
///   - ignoredLabel: A label that marks rows which count nothing.
///   - reduction: The mean over the rows, weighted by w_label, their sum, or the loss of every row.
public func negativeLogLikelihood(
  logProbabilities: Tensor, labels: Tensor, classWeights: Tensor? = nil,
  ignoredLabel: Int? = nil, reduction: Reduction = .mean
) -> Tensor {
  let logs = floating(logProbabilities)
  let rows = LabelledRows(
    labels, for: logs, classWeights: classWeights, ignoredLabel: ignoredLabel,
    in: "negativeLogLikelihood")
  return rows.reduced(-rows.picked(logs), reduction)
}

/// The cross-entropy of class labels against probabilities: −w_label ln p_label.
///
/// Prefer ``softmaxCrossEntropy(logits:labels:classWeights:smoothing:ignoredLabel:reduction:)``
/// where the probabilities come from a softmax: it is exact where they round to 0. Here logarithms
/// are kept above −100.
///
/// - Parameters:
///   - probabilities: […, classes].
///   - labels: […], `int32` or `int64`, each within 0..<classes or the ignored one; another traps.
///   - classWeights: w, [classes], constants; all 1 by default.
///   - ignoredLabel: A label that marks rows which count nothing.
///   - reduction: The mean over the rows, weighted by w_label, their sum, or the loss of every row.
public func crossEntropy(
  probabilities: Tensor, labels: Tensor, classWeights: Tensor? = nil, ignoredLabel: Int? = nil,
  reduction: Reduction = .mean
) -> Tensor {
  let p = floating(probabilities)
  let rows = LabelledRows(
    labels, for: p, classWeights: classWeights, ignoredLabel: ignoredLabel, in: "crossEntropy")
  return rows.reduced(-boundedLog(rows.picked(p)), reduction)
}

/// The cross-entropy of target probabilities against probabilities: −Σⱼ tⱼ ln pⱼ, with logarithms
/// kept above −100.
///
/// - Parameters:
///   - probabilities: […, classes].
///   - targets: The same shape; each row is a distribution.
///   - reduction: The mean over the rows, their sum, or the loss of every row.
public func crossEntropy(
  probabilities: Tensor, targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let (p, t) = promoted(floating(probabilities), targets)
  requireDistributions(p, t, in: "crossEntropy")
  return reduction.reduced(-(t * boundedLog(p)).sum(along: -1))
}

/// ln p, but not below −100, with a slope of at most 10¹²: what keeps the losses from probabilities
/// finite at 0.
func boundedLog(_ p: Tensor) -> Tensor {
  let logs = maximum(log(p.detached), -100)
  guard p.isTracked else { return logs }
  let saved = Saved(p)
  return logs.recorded(from: p) { upstream, node in
    upstream / maximum(saved.restored(node.first), 1e-12)
  }
}
