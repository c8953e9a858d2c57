internal import Kernels

/// The cross-entropy of targets in [0, 1] against the logistic function of `logits`.
///
/// ```
/// loss = −t ln σ(x) − (1 − t) ln σ(−x) = softplus(x) − x t
/// with weights:  w (q t softplus(−x) + (1 − t) softplus(x))
/// ```
///
/// Computed as max(x, 0) − x t + softplus(−|x|), which neither overflows nor cancels. The derivative
/// with respect to the logits is σ(x) − t.
///
/// - Parameters:
///   - logits: Any shape.
///   - targets: The same shape, in any type.
///   - weights: w, what each element counts; a shape that broadcasts to that of the logits. 1 by
///     default.
///   - positiveWeight: q, what positives count against negatives, as in [classes] for logits of
///     [batch, classes]; broadcasts too. 1 by default.
///   - reduction: The mean over all elements (whatever the weights), their sum, or the loss of every
///     element.
public func binaryCrossEntropy(
  logits: Tensor, targets: Tensor, weights: Tensor? = nil, positiveWeight: Tensor? = nil,
  reduction: Reduction = .mean
) -> Tensor {
  if weights != nil || positiveWeight != nil {
    return weightedBinaryCrossEntropy(logits, targets, weights, positiveWeight, reduction)
  }
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

/// Each term is a product of factors that are not negative, so that nothing cancels.
private func weightedBinaryCrossEntropy(
  _ logits: Tensor, _ targets: Tensor, _ weights: Tensor?, _ positiveWeight: Tensor?,
  _ reduction: Reduction
) -> Tensor {
  let (x, t) = promoted(floating(logits), targets)
  require(
    x.shape == t.shape,
    "binaryCrossEntropy: the shapes \(x.shape) and \(t.shape) differ; reshape one of them to the other"
  )
  var positive = t * softplus(-x)
  if let positiveWeight {
    positive = positive * fitting(positiveWeight, x, "binaryCrossEntropy", "positiveWeight")
  }
  let losses = positive + (1 - t) * softplus(x)
  guard let weights else { return reduction.reduced(losses) }
  return reduction.reduced(losses * fitting(weights, x, "binaryCrossEntropy", "weights"))
}

/// `weights` in the type of `x`, to whose shape they must broadcast.
func fitting(
  _ weights: Tensor, _ x: Tensor, _ operation: StaticString, _ name: StaticString
) -> Tensor {
  require(
    Shape.broadcast(weights.shape, x.shape) == x.shape,
    "\(operation): \(name) of shape \(weights.shape) do not broadcast to the shape \(x.shape)")
  return weights.cast(to: x.dtype)
}

/// The cross-entropy of targets in [0, 1] against probabilities of the same shape.
///
/// ```
/// loss = w (−t ln p − (1 − t) ln(1 − p))
/// ```
///
/// Logarithms are kept above −100, and the slope below 10¹². Prefer
/// ``binaryCrossEntropy(logits:targets:weights:positiveWeight:reduction:)``, which is exact
/// everywhere.
///
/// - Parameters:
///   - probabilities: Any shape.
///   - targets: The same shape, in any type.
///   - weights: w, what each element counts; a shape that broadcasts to that of the probabilities.
///     1 by default.
///   - reduction: The mean over all elements (whatever the weights), their sum, or the loss of every
///     element.
public func binaryCrossEntropy(
  probabilities: Tensor, targets: Tensor, weights: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
  if let weights {
    let losses = binaryCrossEntropy(
      probabilities: probabilities, targets: targets, reduction: .none)
    return reduction.reduced(losses * fitting(weights, losses, "binaryCrossEntropy", "weights"))
  }
  return pointwiseLoss(probabilities, targets, reduction, named: "binaryCrossEntropy") { p, t in
    reduction.reduced(-(t * boundedLog(p) + (1 - t) * boundedLog(1 - p)))
  } slopes: { p, t, needs in
    (
      (p - t) / maximum(p * (1 - p), 1e-12),
      needs[1] ? boundedLog(1 - p) - boundedLog(p) : nil
    )
  }
}
