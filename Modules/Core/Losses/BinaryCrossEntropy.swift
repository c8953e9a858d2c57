internal import Kernels

/// The cross-entropy of targets in [0, 1] against the logistic function of `logits`.
///
/// ```
/// loss = −t ln σ(x) − (1 − t) ln σ(−x) = softplus(x) − x t
/// ```
///
/// Computed as max(x, 0) − x t + softplus(−|x|), which neither overflows nor cancels. The derivative
/// with respect to the logits is σ(x) − t.
///
/// - Parameters:
///   - logits: Any shape.
///   - targets: The same shape, in any type.
///   - reduction: The mean over all elements, their sum, or the loss of every element.
public func binaryCrossEntropy(
  logits: Tensor, targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  let (x, t) = promoted(floating(logits).contiguous(), targets.contiguous())
  require(
    x.shape == t.shape,
    "binaryCrossEntropy: the shapes \(x.shape) and \(t.shape) differ; reshape one of them to the other"
  )
  let losses = Tensor(uninitialized: x.shape, dtype: x.dtype)
  apus_binary_cross_entropy(x.dtype.kernel, x.count, x.pointer, t.pointer, losses.pointer)
  extendLifetime(x.storage)
  extendLifetime(t.storage)
  let loss = reduction.reduced(losses)
  guard x.isTracked || t.isTracked else { return loss }
  let (savedX, savedT) = (Saved(x), Saved(t))
  return loss.recorded(from: x, t) { upstream, node, needs in
    let (x, t) = (savedX.restored(node.first), savedT.restored(node.second))
    if !isRecording() && !needs[1] {
      return Cotangents(binarySlope(x, t, upstream, reduction))
    }
    let each = reduction.gradient(upstream, count: x.count)
    return Cotangents(needs[0] ? (sigmoid(x) - t) * each : nil, needs[1] ? -x * each : nil)
  }
}

/// (σ(x) − t) times the gradient with respect to each loss, in one pass over dense tensors.
private func binarySlope(
  _ x: Tensor, _ t: Tensor, _ upstream: Tensor, _ reduction: Reduction
) -> Tensor {
  let upstream = upstream.contiguous()
  let result = Tensor(uninitialized: x.shape, dtype: x.dtype)
  apus_binary_cross_entropy_backward(
    x.dtype.kernel, x.count, x.pointer, t.pointer, upstream.pointer, reduction == .none ? 1 : 0,
    reduction == .mean ? 1 / Double(x.count) : 1, result.pointer)
  extendLifetime(x.storage)
  extendLifetime(t.storage)
  extendLifetime(upstream.storage)
  return result
}

/// The cross-entropy of targets in [0, 1] against probabilities of the same shape.
///
/// ```
/// loss = −t ln p − (1 − t) ln(1 − p)
/// ```
///
/// Logarithms are kept above −100, and the slope below 10¹². Prefer
/// ``binaryCrossEntropy(logits:targets:reduction:)``, which is exact everywhere.
public func binaryCrossEntropy(
  probabilities: Tensor, targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  pointwiseLoss(probabilities, targets, reduction, named: "binaryCrossEntropy") { p, t in
    reduction.reduced(-(t * boundedLog(p) + (1 - t) * boundedLog(1 - p)))
  } slopes: { p, t, needs in
    (
      (p - t) / maximum(p * (1 - p), 1e-12),
      needs[1] ? boundedLog(1 - p) - boundedLog(p) : nil
    )
  }
}
