/// What becomes of the losses of single elements or rows.
public enum Reduction: Sendable, CaseIterable {
  /// Their mean: a scalar. NaN when there are none.
  case mean
  /// Their sum: a scalar.
  case sum
  /// They stay as they are.
  case none

  /// The reduced losses.
  ///
  /// - Parameter weights: What each loss, already multiplied by its weight, counts in the mean.
  package func reduced(_ losses: Tensor, weights: Tensor? = nil) -> Tensor {
    switch self {
    case .mean:
      if let weights { losses.sum() / weights.sum() } else { losses.mean() }
    case .sum: losses.sum()
    case .none: losses
    }
  }

  /// The gradient with respect to each of `count` losses: one number for all, unless the losses
  /// were not reduced.
  package func gradient(_ upstream: Tensor, count: Int, weights: Tensor? = nil) -> Tensor {
    guard self == .mean else { return upstream }
    if let weights { return upstream / weights.sum() }
    return upstream * (1 / Double(count))
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
  return loss.recorded(from: x, t, as: name) { upstream, node, needs in
    let each = reduction.gradient(upstream, count: savedX.shape.elementCount)
    let (x, t) = slopes(savedX.restored(node.first), savedT.restored(node.second), needs)
    return Cotangents(needs[0] ? x.map { $0 * each } : nil, needs[1] ? t.map { $0 * each } : nil)
  }
}
