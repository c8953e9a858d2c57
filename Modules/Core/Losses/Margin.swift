internal import Kernels

/// The hinge loss of a support-vector machine: max(0, margin − t x).
///
/// - Parameters:
///   - scores: Any shape.
///   - targets: The same shape; +1 or −1.
///   - margin: How far on the right side a score has to be to cost nothing.
///   - reduction: The mean over all elements, their sum, or the loss of every element.
public func hinge(
  scores: Tensor, targets: Tensor, margin: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  pointwiseLoss(scores, targets, reduction, named: "hinge") { x, t in
    reduction.reduced(positivePart(margin - x * t))
  } slopes: { x, t, needs in
    let violated = (x.detached * t.detached .< margin).cast(to: x.dtype)
    return (-t * violated, needs[1] ? -x * violated : nil)
  }
}

/// The hinge loss of class labels: how far each wrong class comes within `margin` of the right one,
/// averaged over the classes.
///
/// ```
/// loss = 1/classes Σ_{j ≠ label} max(0, margin − x_label + xⱼ)
/// ```
///
/// - Parameters:
///   - scores: […, classes].
///   - labels: […], `int32` or `int64`, each within 0..<classes; another traps.
///   - margin: How far the right class has to be above each other to cost nothing.
///   - reduction: The mean over the rows, their sum, or the loss of every row.
public func multiclassHinge(
  scores: Tensor, labels: Tensor, margin: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  let x = floating(scores)
  let rows = LabelledRows(labels, for: x, in: "multiclassHinge")
  let excess = positivePart(x - rows.picked(x).expandingShape(at: -1) + margin)
  // The right class exceeds itself by the margin exactly; that term does not belong to the sum.
  let classes = Double(x.shape[x.rank - 1])
  return reduction.reduced((excess.sum(along: -1) - max(margin, 0)) / classes)
}

/// The ranking loss max(0, margin − positive + negative): a true pair should score higher than a
/// false one by the margin.
///
/// - Parameters:
///   - positive: Scores of true pairs.
///   - negative: Scores of false ones; the shapes broadcast, as in [n, 1] against [n, k].
///   - margin: How far above a positive score has to be to cost nothing.
///   - reduction: The mean over all pairs, their sum, or the loss of every pair.
public func maxMarginRanking(
  positive: Tensor, negative: Tensor, margin: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  reduction.reduced(positivePart(negative - positive + margin))
}

/// max(0, x), with derivative 0 at 0.
func positivePart(_ x: Tensor) -> Tensor {
  fromOutput(.relu, floating(x), fused: .relu_from_output) { y, upstream in
    upstream * (y.detached .> 0).cast(to: y.dtype)
  }
}
