/// What becomes of the losses of single elements or rows.
public enum Reduction: Sendable, CaseIterable {
  /// Their mean: a scalar. NaN when there are none.
  case mean
  /// Their sum: a scalar.
  case sum
  /// They stay as they are.
  case none

  /// The reduced losses.
  func reduced(_ losses: Tensor) -> Tensor {
    switch self {
    case .mean: losses.mean()
    case .sum: losses.sum()
    case .none: losses
    }
  }

  /// The gradient with respect to each of `count` losses: one number for all, unless the losses
  /// were not reduced.
  func gradient(_ upstream: Tensor, count: Int) -> Tensor {
    self == .mean ? upstream * (1 / Double(count)) : upstream
  }
}

/// A loss in which each element depends on one element of either tensor, as a single recorded
/// operation.
///
/// - Parameters:
///   - value: The reduced loss; nothing inside it is recorded.
///   - slopes: The derivatives of the unreduced loss with respect to both elements, written in
///     tensor operations (so that they can be differentiated again); a side that is not needed may
///     be `nil`.
func pointwiseLoss(
  _ predictions: Tensor, _ targets: Tensor, _ reduction: Reduction, named name: StaticString,
  value: (Tensor, Tensor) -> Tensor,
  slopes: @escaping @Sendable (_ x: Tensor, _ t: Tensor, _ needs: Needs) -> (Tensor?, Tensor?)
) -> Tensor {
  let (x, t) = promoted(floating(predictions), targets)
  require(
    x.shape == t.shape,
    "\(name): the shapes \(x.shape) and \(t.shape) differ; reshape one of them to the other")
  let loss = value(x.detached, t.detached)
  guard x.isTracked || t.isTracked else { return loss }
  let (savedX, savedT) = (Saved(x), Saved(t))
  return loss.recorded(from: x, t) { upstream, node, needs in
    let each = reduction.gradient(upstream, count: savedX.shape.elementCount)
    let (x, t) = slopes(savedX.restored(node.first), savedT.restored(node.second), needs)
    return Cotangents(needs[0] ? x.map { $0 * each } : nil, needs[1] ? t.map { $0 * each } : nil)
  }
}

/// Integer labels, one for each row of the last axis of `scores`, checked and dense.
func checkedLabels(_ labels: Tensor, for scores: Tensor, in operation: StaticString) -> Tensor {
  require(
    labels.dtype == .int32 || labels.dtype == .int64,
    "\(operation): the labels must be integers, got \(labels.dtype); probabilities go to 'targets:'"
  )
  require(
    scores.rank > 0 && labels.shape == Shape(scores.shape.dropLast()),
    """
    \(operation): labels of shape \(labels.shape) do not fit scores of shape \(scores.shape), which \
    need one label for each row of the last axis
    """)
  let dense = labels.detached.contiguous()
  let classes = scores.shape[scores.rank - 1]
  let wrong =
    dense.dtype == .int32
    ? dense.withScalars(as: Int32.self) { $0.firstIndex { $0 < 0 || Int($0) >= classes } }
    : dense.withScalars(as: Int64.self) { $0.firstIndex { $0 < 0 || Int($0) >= classes } }
  if let wrong { trapLabel(dense, at: wrong, classes, operation) }
  return dense
}

@inline(never)
private func trapLabel(
  _ labels: Tensor, at place: Int, _ classes: Int, _ operation: StaticString
) -> Never {
  var position: [Int] = []
  var rest = place
  for extent in labels.shape.reversed() {
    position.insert(rest % extent, at: 0)
    rest /= extent
  }
  let value = labels.scalars(as: Int.self)[place]
  trap("\(operation): the label \(value) at position \(position) is not within 0..<\(classes)")
}

/// The score of each row's label, in the shape of the labels. Differentiable.
func picked(_ scores: Tensor, _ labels: Tensor) -> Tensor {
  scores.takenAlong(labels.expandingShape(at: -1), axis: -1).reshaped(labels.shape)
}
