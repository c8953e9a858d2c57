/// Checked class labels, one for each row of scores, and what each row counts.
struct LabelledRows {
  /// Dense integers; those of ignored rows are −1.
  let labels: Tensor
  /// The number of classes.
  let classes: Int
  /// The weight of each class, in the type of the scores.
  let classWeights: Tensor?
  /// The weight of each row, 0 where its label is ignored; `nil` where all count 1.
  let weights: Tensor?

  init(
    _ labels: Tensor, for scores: Tensor, classWeights: Tensor? = nil, ignoredLabel: Int? = nil,
    in operation: StaticString
  ) {
    require(
      labels.dtype == .int32 || labels.dtype == .int64,
      """
      \(operation): the labels must be integers, got \(labels.dtype); probabilities go to 'targets:'
      """)
    require(
      scores.rank > 0 && labels.shape == Shape(scores.shape.dropLast()),
      """
      \(operation): labels of shape \(labels.shape) do not fit scores of shape \(scores.shape), \
      which need one label for each row of the last axis
      """)
    let classes = scores.shape[scores.rank - 1]
    require(classes > 0 || labels.count == 0, "\(operation): scores of \(scores.shape): no classes")
    let dense = labels.detached.contiguous()
    requireLabels(dense, within: classes, ignoring: ignoredLabel, in: operation)
    self.classes = classes
    self.classWeights = classWeights.map {
      checkedClassWeights($0, classes: classes, dtype: scores.dtype, in: operation)
    }
    guard let ignoredLabel else {
      self.labels = dense
      weights = self.classWeights?.gathered(at: dense)
      return
    }
    let isIgnored = dense .== Tensor(ignoredLabel, dtype: dense.dtype)
    self.labels = select(isIgnored, Tensor(-1, dtype: dense.dtype), dense)
    let each = self.classWeights?.gathered(at: self.labels) ?? Tensor(1, dtype: scores.dtype)
    weights = select(isIgnored, Tensor(0, dtype: scores.dtype), each)
  }

  /// The score of each row's label, in the shape of the labels; any in an ignored row.
  /// Differentiable.
  func picked(_ scores: Tensor) -> Tensor {
    scores.takenAlong(labels.expandingShape(at: -1), axis: -1).reshaped(labels.shape)
  }

  /// The losses of single rows, weighted and reduced. A row of weight 0 counts nothing, whatever
  /// its loss.
  func reduced(_ losses: Tensor, _ reduction: Reduction) -> Tensor {
    guard let weights else { return reduction.reduced(losses) }
    let counted = select(weights .== 0, Tensor(0, dtype: losses.dtype), losses * weights)
    return reduction.reduced(counted, weights: weights)
  }
}

/// The weights of classes as constants in the type of the scores.
func checkedClassWeights(
  _ weights: Tensor, classes: Int, dtype: DType, in operation: StaticString
) -> Tensor {
  require(
    weights.shape == [classes],
    """
    \(operation): class weights of shape \(weights.shape) for \(classes) classes; pass one weight \
    for each
    """)
  return weights.detached.cast(to: dtype).contiguous()
}

private func requireLabels(
  _ labels: Tensor, within classes: Int, ignoring ignoredLabel: Int?, in operation: StaticString
) {
  func isWrong(_ label: Int) -> Bool {
    (label < 0 || label >= classes) && label != ignoredLabel
  }
  let wrong =
    labels.dtype == .int32
    ? labels.withScalars(as: Int32.self) { $0.firstIndex { isWrong(Int($0)) } }
    : labels.withScalars(as: Int64.self) { $0.firstIndex { isWrong(Int($0)) } }
  if let wrong { trapLabel(labels, at: wrong, classes, ignoredLabel, operation) }
}

@inline(never)
private func trapLabel(
  _ labels: Tensor, at place: Int, _ classes: Int, _ ignoredLabel: Int?, _ operation: StaticString
) -> Never {
  var position: [Int] = []
  var rest = place
  for extent in labels.shape.reversed() {
    position.insert(rest % extent, at: 0)
    rest /= extent
  }
  let value = labels.scalars(as: Int.self)[place]
  let exception = ignoredLabel.map { " and not the ignored label \($0)" } ?? ""
  trap(
    """
    \(operation): the label \(value) at position \(position) is not within 0..<\(classes)\
    \(exception)
    """)
}
