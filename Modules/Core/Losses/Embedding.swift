/// The cosine embedding loss: similar vectors should point the same way, others not.
///
/// ```
/// loss = 1 − cos(a, b)             where the target is +1
///        max(0, cos(a, b) − margin)   where it is −1
/// ```
///
/// - Parameters:
///   - first: a, […, features].
///   - second: b, the same shape.
///   - targets: […], +1 (or any positive number) for similar pairs, −1 for others.
///   - margin: The cosine that costs others nothing, within −1...1.
///   - reduction: The mean over the pairs, their sum, or the loss of every pair.
public func cosineEmbedding(
  _ first: Tensor, _ second: Tensor, targets: Tensor, margin: Double = 0,
  reduction: Reduction = .mean
) -> Tensor {
  let (a, b) = embeddings(first, second, in: "cosineEmbedding")
  let isSimilar = pairTargets(targets, for: a, in: "cosineEmbedding") .> 0
  require((-1...1).contains(margin), "cosineEmbedding: the margin \(margin) is not within −1...1")
  let cosine = cosineSimilarity(a, b)
  return reduction.reduced(select(isSimilar, 1 - cosine, positivePart(cosine - margin)))
}

/// The triplet loss: an anchor should be closer to its positive than to its negative, by a margin.
///
/// ```
/// loss = max(0, ‖a − p‖ − ‖a − n‖ + margin)
/// with swap, ‖a − n‖ becomes min(‖a − n‖, ‖p − n‖)
/// ```
///
/// The derivative of a distance is taken as 0 where it is 0. [Schroff 2015], and [Balntas 2016] for
/// the swap.
///
/// [Schroff 2015]: https://arxiv.org/abs/1503.03832
/// [Balntas 2016]: https://doi.org/10.5244/C.30.119
///
/// - Parameters:
///   - anchor: a, […, features].
///   - positive: p, the same shape.
///   - negative: n, the same shape.
///   - margin: How much closer the positive has to be to cost nothing.
///   - order: Which norm the distance is; 1 or above, infinity for the largest component.
///   - swap: Whether the negative is also compared with the positive.
///   - reduction: The mean over the triplets, their sum, or the loss of every triplet.
public func triplet(
  anchor: Tensor, positive: Tensor, negative: Tensor, margin: Double = 1, order: Double = 2,
  swap: Bool = false, reduction: Reduction = .mean
) -> Tensor {
  require(order >= 1, "triplet: the order \(order) of the norm is below 1")
  let (a, p) = embeddings(anchor, positive, in: "triplet")
  let (_, n) = embeddings(a, negative, in: "triplet")
  let far = distance(a, n, order: order)
  let apart = swap ? minimum(far, distance(p, n, order: order)) : far
  return reduction.reduced(positivePart(distance(a, p, order: order) - apart + margin))
}

/// The contrastive loss of pairs: similar ones should be close, others at least a margin apart.
///
/// ```
/// d = ‖a − b‖₂
/// loss = ½ (t d² + (1 − t) max(0, margin − d)²)
/// ```
///
/// The derivative of d is taken as 0 where it is 0 ([Hadsell 2006], whose Y is 1 − t).
///
/// [Hadsell 2006]: https://doi.org/10.1109/CVPR.2006.100
///
/// - Parameters:
///   - first: a, […, features].
///   - second: b, the same shape.
///   - targets: t, […], 1 for similar pairs and 0 for others.
///   - margin: The distance that costs others nothing.
///   - reduction: The mean over the pairs, their sum, or the loss of every pair.
public func contrastive(
  _ first: Tensor, _ second: Tensor, targets: Tensor, margin: Double = 1,
  reduction: Reduction = .mean
) -> Tensor {
  let (a, b) = embeddings(first, second, in: "contrastive")
  let t = pairTargets(targets, for: a, in: "contrastive")
  let close = square(a - b).sum(along: -1)
  let apart = square(positivePart(margin - distance(a, b, order: 2)))
  return reduction.reduced(0.5 * (t * close + (1 - t) * apart))
}
