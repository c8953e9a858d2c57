internal import Kernels

/// The cross-entropy of target probabilities against the softmax of `logits`.
///
/// ```
/// loss = −Σⱼ wⱼ tⱼ ln softmax(x)ⱼ
/// with smoothing ε, t becomes (1 − ε) t + ε/classes
/// ```
///
/// A class whose target is 0 counts nothing, even where its logit is −∞. The derivative with respect
/// to the logits is softmax(x) Σⱼ tⱼ − t.
///
/// - Parameters:
///   - logits: […, classes].
///   - targets: The same shape; each row is a distribution (smoothed labels, a teacher's output).
///   - classWeights: w, [classes], constants; all 1 by default.
///   - smoothing: ε, the share of a target that is spread over all classes, within 0...1.
///   - reduction: The mean over the rows (whatever the weights), their sum, or the loss of every
///     row.
public func softmaxCrossEntropy(
  logits: Tensor, targets: Tensor, classWeights: Tensor? = nil, smoothing: Double = 0,
  reduction: Reduction = .mean
) -> Tensor {
  let (x, plain) = promoted(floating(logits).contiguous(), targets.contiguous())
  requireDistributions(x, plain, in: "softmaxCrossEntropy")
  let t = adjusted(plain, classWeights, smoothing)
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

/// Target probabilities, smoothed and weighted.
private func adjusted(_ targets: Tensor, _ classWeights: Tensor?, _ smoothing: Double) -> Tensor {
  var t = targets
  let classes = t.shape[t.rank - 1]
  if checkedSmoothing(smoothing) > 0 { t = t * (1 - smoothing) + smoothing / Double(classes) }
  guard let classWeights else { return t }
  return t
    * checkedClassWeights(
      classWeights, classes: classes, dtype: t.dtype, in: "softmaxCrossEntropy")
}

func checkedSmoothing(_ smoothing: Double) -> Double {
  require(
    (0...1).contains(smoothing),
    "softmaxCrossEntropy: the smoothing \(smoothing) is not within 0...1")
  return smoothing
}

func requireDistributions(_ x: Tensor, _ t: Tensor, in operation: StaticString) {
  require(
    x.rank > 0 && x.shape == t.shape && x.shape[x.rank - 1] > 0,
    "\(operation): the shapes \(x.shape) and \(t.shape) are not both […, classes]")
}
