internal import Kernels

/// Connectionist temporal classification: the negative log-likelihood of label sequences over all
/// their alignments with longer sequences of class probabilities.
///
/// ```
/// loss = −ln Σ_π Πₜ p(t, πₜ)
/// ```
///
/// π runs over the sequences of one class a step that become the labels once repeated classes are
/// merged and then blanks dropped ([Graves 2006]). The forward–backward algorithm sums them in
/// O(steps · labels) for each sequence, in logarithms that cannot underflow.
///
/// The derivative with respect to ln p(t, c) is −P(πₜ = c | labels), the exact one; it gives the
/// same derivative with respect to logits before ``logSoftmax(_:along:)`` as PyTorch's, which
/// assumes that function. Second derivatives go step by step through tensor operations.
///
/// [Graves 2006]: https://doi.org/10.1145/1143844.1143891
///
/// - Parameters:
///   - logProbabilities: ln p, [steps, batch, classes], or [steps, classes] for one sequence;
///     as ``logSoftmax(_:along:)`` gives them.
///   - labels: `int32` or `int64`, [batch, length] with anything after each sequence's end, or all
///     sequences one after the other in one axis; [length] for one sequence. A label outside
///     0..<classes, or the blank, traps.
///   - inputLengths: The steps that count of each sequence, [batch]; all by default.
///   - labelLengths: The labels of each sequence, [batch]; all by default, but required where
///     sequences of a batch are in one axis.
///   - blank: The class of no label.
///   - zeroInfinity: Whether sequences without an alignment, too short for their labels, count as 0.
///     Their loss is ∞ otherwise. Their gradient is 0 either way.
///   - reduction: The mean over the batch of each loss divided by its number of labels (or 1), the
///     sum, or the loss of every sequence.
public func ctc(
  logProbabilities: Tensor, labels: Tensor, inputLengths: Tensor? = nil,
  labelLengths: Tensor? = nil, blank: Int = 0, zeroInfinity: Bool = false,
  reduction: Reduction = .mean
) -> Tensor {
  let logs = floating(logProbabilities)
  require(
    logs.rank == 2 || logs.rank == 3,
    "ctc: log-probabilities of shape \(logs.shape) are not [steps, batch, classes]")
  let isSingle = logs.rank == 2
  let x = (isSingle ? logs.expandingShape(at: 1) : logs).contiguous()
  let alignment = CTCAlignment(
    steps: x.shape[0], batch: x.shape[1], classes: x.shape[2], blank: blank, labels: labels,
    inputLengths: inputLengths, labelLengths: labelLengths, isSingle: isSingle)
  var losses = alignedLosses(x, alignment)
  if zeroInfinity {
    losses = select(
      losses.detached .== Double.infinity, Tensor(0, dtype: losses.dtype), losses)
  }
  if reduction == .mean {
    losses = losses / maximum(alignment.labelLengths.cast(to: losses.dtype), 1)
  }
  return reduction.reduced(isSingle ? losses.reshaped([]) : losses)
}

/// The loss of every sequence.
private func alignedLosses(_ x: Tensor, _ alignment: CTCAlignment) -> Tensor {
  let losses = Tensor(uninitialized: [alignment.batch], dtype: x.dtype)
  let alphas =
    x.isTracked
    ? Tensor(
      uninitialized: [alignment.batch, alignment.steps, alignment.width], dtype: x.dtype) : nil
  alignment.withPointers { labels, offsets, labelLengths, inputLengths in
    apus_ctc(
      x.dtype.kernel, alignment.steps, alignment.batch, alignment.classes, alignment.blank,
      x.pointer, labels, offsets, labelLengths, inputLengths, alignment.width, alphas?.pointer,
      losses.pointer)
  }
  extendLifetime(x.storage)
  guard let alphas else { return losses }
  let saved = Saved(x)
  return losses.recorded(from: x) { upstream, node in
    let x = saved.restored(node.first)
    if isRecording() {
      return vjp(at: x, alignment.recordableLosses).pullback(upstream)
    }
    let dense = upstream.contiguous()
    let result = Tensor(uninitialized: x.shape, dtype: x.dtype)
    alignment.withPointers { labels, offsets, labelLengths, inputLengths in
      apus_ctc_backward(
        x.dtype.kernel, alignment.steps, alignment.batch, alignment.classes, alignment.blank,
        x.pointer, labels, offsets, labelLengths, inputLengths, alignment.width, alphas.pointer,
        losses.pointer, dense.pointer, result.pointer)
    }
    extendLifetime(x.storage)
    extendLifetime(alphas.storage)
    extendLifetime(losses.storage)
    extendLifetime(dense.storage)
    return result
  }
}
