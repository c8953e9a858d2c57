internal import Kernels

/// The cross-entropy of class labels against the softmax of `logits`.
///
/// ```
/// loss = ln Σⱼ e^xⱼ − x_label
/// ```
///
/// Never overflows, and loses no precision where the softmax would round to 0 or 1. The derivative
/// with respect to the logits is softmax(x) − onehot(label) (course document 001, question 1(m)),
/// computed in the same pass.
///
/// - Parameters:
///   - logits: […, classes].
///   - labels: […], `int32` or `int64`, each within 0..<classes; another traps.
///   - reduction: The mean over the rows, their sum, or the loss of every row.
public func softmaxCrossEntropy(
  logits: Tensor, labels: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let x = floating(logits).contiguous()
  let labels = checkedLabels(labels, for: x, in: "softmaxCrossEntropy")
  let (rows, columns) = x.rowsAndColumns
  let type = x.dtype.kernel
  let losses = Tensor(uninitialized: labels.shape, dtype: x.dtype)
  let logSums = Tensor(uninitialized: labels.shape, dtype: x.dtype)
  apus_cross_entropy(
    type, rows, columns, x.pointer, labels.dtype.kernel, labels.pointer, losses.pointer,
    logSums.pointer)
  extendLifetime(x.storage)
  extendLifetime(labels.storage)
  let loss = reduction.reduced(losses)
  guard x.isTracked else { return loss }
  let (savedX, savedSums) = (Saved(x), Saved(logSums))
  return loss.recorded(from: x) { upstream, node in
    let each = reduction.gradient(upstream, count: rows)
    if isRecording() {
      let x = savedX.restored(node.first)
      let isLabel = labels.expandingShape(at: -1) .== Tensor.range(0..<columns)
      return (softmax(x) - isLabel.cast(to: x.dtype))
        * (reduction == .none ? each.expandingShape(at: -1) : each)
    }
    let (x, logSums, dense) = (savedX.restored(nil), savedSums.restored(nil), each.contiguous())
    let result = Tensor(uninitialized: x.shape, dtype: x.dtype)
    apus_cross_entropy_backward(
      type, rows, columns, x.pointer, logSums.pointer, labels.dtype.kernel, labels.pointer,
      dense.pointer, reduction == .none ? 1 : 0, result.pointer)
    extendLifetime(x.storage)
    extendLifetime(logSums.storage)
    extendLifetime(labels.storage)
    extendLifetime(dense.storage)
    return result
  }
}

/// The cross-entropy of target probabilities against the softmax of `logits`.
///
/// ```
/// loss = −Σⱼ tⱼ ln softmax(x)ⱼ
/// ```
///
/// A class whose target is 0 counts nothing, even where its logit is −∞. The derivative with respect
/// to the logits is softmax(x) Σⱼ tⱼ − t.
///
/// - Parameters:
///   - logits: […, classes].
///   - targets: The same shape; each row is a distribution (smoothed labels, a teacher's output).
///   - reduction: The mean over the rows, their sum, or the loss of every row.
public func softmaxCrossEntropy(
  logits: Tensor, targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let (x, t) = promoted(floating(logits).contiguous(), targets.contiguous())
  requireDistributions(x, t, in: "softmaxCrossEntropy")
  let (rows, columns) = x.rowsAndColumns
  let type = x.dtype.kernel
  let losses = Tensor(uninitialized: Shape(x.shape.dropLast()), dtype: x.dtype)
  let logSums = Tensor(uninitialized: losses.shape, dtype: x.dtype)
  apus_soft_cross_entropy(
    type, rows, columns, x.pointer, t.pointer, losses.pointer, logSums.pointer)
  extendLifetime(x.storage)
  extendLifetime(t.storage)
  let loss = reduction.reduced(losses)
  guard x.isTracked || t.isTracked else { return loss }
  let (savedX, savedT, savedSums) = (Saved(x), Saved(t), Saved(logSums))
  return loss.recorded(from: x, t) { upstream, node, needs in
    let scaled = reduction.gradient(upstream, count: rows)
    let (x, t) = (savedX.restored(node.first), savedT.restored(node.second))
    if isRecording() || needs[1] {
      let each = reduction == .none ? scaled.expandingShape(at: -1) : scaled
      return Cotangents(
        needs[0] ? (softmax(x) * t.sum(along: -1, keepingAxes: true) - t) * each : nil,
        needs[1] ? -logSoftmax(x) * each : nil)
    }
    let (logSums, dense) = (savedSums.restored(nil), scaled.contiguous())
    let result = Tensor(uninitialized: x.shape, dtype: x.dtype)
    apus_soft_cross_entropy_backward(
      type, rows, columns, x.pointer, logSums.pointer, t.pointer, dense.pointer,
      reduction == .none ? 1 : 0, result.pointer)
    extendLifetime(x.storage)
    extendLifetime(t.storage)
    extendLifetime(logSums.storage)
    extendLifetime(dense.storage)
    return Cotangents(result)
  }
}

/// The cross-entropy of class labels against probabilities: −ln p_label.
///
/// Prefer ``softmaxCrossEntropy(logits:labels:reduction:)`` where the probabilities come from a
/// softmax: it is exact where they round to 0. Here logarithms are kept above −100.
///
/// - Parameters:
///   - probabilities: […, classes].
///   - labels: […], `int32` or `int64`, each within 0..<classes; another traps.
public func crossEntropy(
  probabilities: Tensor, labels: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let p = floating(probabilities)
  let labels = checkedLabels(labels, for: p, in: "crossEntropy")
  return reduction.reduced(-boundedLog(picked(p, labels)))
}

/// The cross-entropy of target probabilities against probabilities: −Σⱼ tⱼ ln pⱼ, with logarithms
/// kept above −100.
///
/// - Parameter targets: The shape of the probabilities, […, classes].
public func crossEntropy(
  probabilities: Tensor, targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let (p, t) = promoted(floating(probabilities), targets)
  requireDistributions(p, t, in: "crossEntropy")
  return reduction.reduced(-(t * boundedLog(p)).sum(along: -1))
}

/// The negative log-likelihood of class labels: −ln p_label.
///
/// - Parameters:
///   - logProbabilities: […, classes], as ``logSoftmax(_:along:)`` gives them.
///   - labels: […], `int32` or `int64`, each within 0..<classes; another traps.
public func negativeLogLikelihood(
  logProbabilities: Tensor, labels: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let logs = floating(logProbabilities)
  let labels = checkedLabels(labels, for: logs, in: "negativeLogLikelihood")
  return reduction.reduced(-picked(logs, labels))
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

func requireDistributions(_ x: Tensor, _ t: Tensor, in operation: StaticString) {
  require(
    x.rank > 0 && x.shape == t.shape && x.shape[x.rank - 1] > 0,
    "\(operation): the shapes \(x.shape) and \(t.shape) are not both […, classes]")
}
