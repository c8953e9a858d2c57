/// The focal loss of targets in [0, 1] against the logistic function of `logits`: the binary
/// cross-entropy, with examples that are right already counting less.
///
/// ```
/// p = σ(x)
/// q = t (1 − p) + (1 − t) p      the probability of the wrong class
/// loss = q^γ (−t ln p − (1 − t) ln(1 − p))
/// with balance α:  times α t + (1 − α) (1 − t)
/// ```
///
/// With a focus of 0 it is
/// ``binaryCrossEntropy(logits:targets:weights:positiveWeight:reduction:)`` ([Lin 2017], which
/// advises γ = 2 and α = 0.25). q counts as 10⁻¹² at least.
///
/// [Lin 2017]: https://arxiv.org/abs/1708.02002
///
/// - Parameters:
///   - logits: Any shape.
///   - targets: The same shape, in any type.
///   - focus: γ, not negative.
///   - balance: α within 0...1, the weight of positives; none by default.
///   - reduction: The mean over all elements, their sum, or the loss of every element.
public func focal(
  logits: Tensor, targets: Tensor, focus: Double = 2, balance: Double? = nil,
  reduction: Reduction = .mean
) -> Tensor {
  let (x, t) = promoted(floating(logits), targets)
  var losses = binaryCrossEntropy(logits: x, targets: t, reduction: .none)
  losses = losses * focused(t * sigmoid(-x) + (1 - t) * sigmoid(x), focus)
  if let balance {
    require((0...1).contains(balance), "focal: the balance \(balance) is not within 0...1")
    losses = losses * (t * (2 * balance - 1) + (1 - balance))
  }
  return reduction.reduced(losses)
}

/// The focal loss of class labels against the softmax of `logits`.
///
/// ```
/// p = softmax(x)_label
/// loss = −w_label (1 − p)^γ ln p
/// ```
///
/// With a focus of 0 it is
/// ``softmaxCrossEntropy(logits:labels:classWeights:smoothing:ignoredLabel:reduction:)``.
/// 1 − p counts as 10⁻¹² at least.
///
/// - Parameters:
///   - logits: […, classes].
///   - labels: […], `int32` or `int64`, each within 0..<classes or the ignored one; another traps.
///   - focus: γ, not negative.
///   - classWeights: w, [classes], constants; all 1 by default.
///   - ignoredLabel: A label that marks rows which count nothing.
///   - reduction: The mean over the rows, weighted by w_label, their sum, or the loss of every row.
public func focal(
  logits: Tensor, labels: Tensor, focus: Double = 2, classWeights: Tensor? = nil,
  ignoredLabel: Int? = nil, reduction: Reduction = .mean
) -> Tensor {
  let x = floating(logits)
  let rows = LabelledRows(
    labels, for: x, classWeights: classWeights, ignoredLabel: ignoredLabel, in: "focal")
  let logs = rows.picked(logSoftmax(x))
  return rows.reduced(-logs * focused(-expm1(logs), focus), reduction)
}

/// q^γ. The bound keeps the derivatives of small powers finite where q underflows; the loss that
/// multiplies it is as small there.
private func focused(_ q: Tensor, _ focus: Double) -> Tensor {
  require(focus >= 0, "focal: the focus \(focus) is negative")
  return focus == 0 ? Tensor.ones(like: q) : pow(maximum(q, 1e-12), focus)
}
