internal import Kernels

/// The cross-entropy of class labels against the softmax of `logits`.
///
/// ```
/// loss = w_label (ln Σⱼ e^xⱼ − x_label)
/// with smoothing ε:  (1 − ε) loss + ε/classes Σ_c w_c (ln Σⱼ e^xⱼ − x_c)
/// ```
///
/// Never overflows, and loses no precision where the softmax would round to 0 or 1. The derivative
/// with respect to the logits is softmax(x) − onehot(label) (course document 001, question 1(m)),
/// for which the forward pass keeps the exponentials. [Szegedy 2016] explains smoothing.
///
/// [Szegedy 2016]: https://arxiv.org/abs/1512.00567
///
/// - Parameters:
///   - logits: […, classes].
///   - labels: […], `int32` or `int64`, each within 0..<classes or the ignored one; another traps.
///   - classWeights: w, [classes], constants; all 1 by default.
///   - smoothing: ε, the share of a target that is spread over all classes, within 0...1.
///   - ignoredLabel: A label that marks rows which count nothing, such as that of padding. Their
///     loss and gradient are 0.
///   - reduction: The mean over the rows, weighted by w_label, their sum, or the loss of every row.
public func softmaxCrossEntropy(
  logits: Tensor, labels: Tensor, classWeights: Tensor? = nil, smoothing: Double = 0,
  ignoredLabel: Int? = nil, reduction: Reduction = .mean
) -> Tensor {
  let x = floating(logits).contiguous()
  let rows = LabelledRows(
    labels, for: x, classWeights: classWeights, ignoredLabel: ignoredLabel,
    in: "softmaxCrossEntropy")
  let target = LabelTarget(rows, smoothing: checkedSmoothing(smoothing), dtype: x.dtype)
  let (count, columns) = x.rowsAndColumns
  let losses = Tensor(uninitialized: rows.labels.shape, dtype: x.dtype)
  let inverseSums = Tensor(uninitialized: rows.labels.shape, dtype: x.dtype)
  let powers = x.isTracked ? Tensor(uninitialized: x.shape, dtype: x.dtype) : nil
  target.withPointers { type, labels, weights, spread in
    apus_label_cross_entropy(
      x.dtype.kernel, count, columns, x.pointer, type, labels, weights, spread, losses.pointer,
      powers?.pointer, inverseSums.pointer)
  }
  extendLifetime(x.storage)
  let loss = reduction.reduced(losses, weights: rows.weights)
  guard let powers else { return loss }
  let (savedX, rowWeights) = (Saved(x), rows.weights)
  return loss.recorded(from: x) { upstream, node in
    let each = reduction.gradient(upstream, count: count, weights: rowWeights)
    if isRecording() {
      let (x, targets) = (savedX.restored(node.first), target.distribution(columns))
      return (softmax(x) * targets.sum(along: -1, keepingAxes: true) - targets)
        * (reduction == .none ? each.expandingShape(at: -1) : each)
    }
    let dense = each.contiguous()
    let result = Tensor(uninitialized: savedX.shape, dtype: powers.dtype)
    target.withPointers { type, labels, weights, spread in
      apus_label_cross_entropy_backward(
        powers.dtype.kernel, count, columns, powers.pointer, inverseSums.pointer, type, labels,
        weights, spread, dense.pointer, reduction == .none ? 1 : 0, result.pointer)
    }
    extendLifetime(powers.storage)
    extendLifetime(inverseSums.storage)
    extendLifetime(dense.storage)
    return result
  }
}

/// What labels ask of the softmax: a weight at each row's label, and another for every class.
private struct LabelTarget: Sendable {
  let labels: Tensor
  /// (1 − ε) w_label; `nil` where all are 1.
  let weights: Tensor?
  /// ε/classes w; `nil` without smoothing.
  let spread: Tensor?
  private let dtype: DType

  init(_ rows: LabelledRows, smoothing: Double, dtype: DType) {
    labels = rows.labels
    self.dtype = dtype
    guard smoothing > 0 else {
      (weights, spread) = (rows.classWeights == nil ? nil : rows.weights, nil)
      return
    }
    let ones = Tensor.ones(labels.shape, dtype: dtype)
    weights = (rows.weights ?? ones) * (1 - smoothing)
    let classWeights = rows.classWeights ?? Tensor.ones([rows.classes], dtype: dtype)
    spread = classWeights * (smoothing / Double(rows.classes))
  }

  /// The whole target of each row, […, columns].
  func distribution(_ columns: Int) -> Tensor {
    let column = labels.expandingShape(at: -1)
    var result = (column .== Tensor.range(0..<columns)).cast(to: dtype)
    if let weights { result = result * weights.expandingShape(at: -1) }
    if let spread { result = result + spread * (column .>= 0).cast(to: dtype) }
    return result
  }

  func withPointers(
    _ body: (apus_dtype, UnsafeRawPointer, UnsafeRawPointer?, UnsafeRawPointer?) -> Void
  ) {
    body(
      labels.dtype.kernel, labels.pointer, weights.map { UnsafeRawPointer($0.pointer) },
      spread.map { UnsafeRawPointer($0.pointer) })
    extendLifetime(labels.storage)
    if let weights { extendLifetime(weights.storage) }
    if let spread { extendLifetime(spread.storage) }
  }
}
