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
  pointwiseLoss(logits, targets, reduction, named: "binaryCrossEntropy") { x, t in
    reduction.reduced(apply(.relu, x) - x * t + apply(.softplus, -abs(x)))
  } slopes: { x, t, needs in
    (sigmoid(x) - t, needs[1] ? -x : nil)
  }
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
