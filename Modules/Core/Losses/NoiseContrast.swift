/// The InfoNCE loss: each query should find its key among the keys of the whole batch.
///
/// ```
/// lossᵢ = −ln (e^(cos(qᵢ, kᵢ)/τ) / Σⱼ e^(cos(qᵢ, kⱼ)/τ))
/// ```
///
/// A bound on the mutual information of queries and keys ([van den Oord 2018]). The mean of both
/// directions, `infoNCE(queries: a, keys: b)` and the other way round, trains two encoders of
/// different kinds.
///
/// [van den Oord 2018]: https://arxiv.org/abs/1807.03748
///
/// - Parameters:
///   - queries: [batch, features].
///   - keys: The same shape; row i belongs to query i.
///   - temperature: τ, above 0.
///   - reduction: The mean over the queries, their sum, or the loss of every query.
public func infoNCE(
  queries: Tensor, keys: Tensor, temperature: Double = 0.1, reduction: Reduction = .mean
) -> Tensor {
  let (q, k) = checkedBatch(queries, keys, temperature, in: "infoNCE")
  let logits = matmul(directions(q), directions(k).transposed()) / temperature
  return softmaxCrossEntropy(
    logits: logits, labels: Tensor.range(0..<q.shape[0]), reduction: reduction)
}

/// The normalised-temperature cross-entropy (NT-Xent): each of two views of an example should find
/// the other among all views in the batch.
///
/// ```
/// z = first and second, 2·batch rows
/// lossᵢ = −ln (e^(cos(zᵢ, z_partner)/τ) / Σ_{j ≠ i} e^(cos(zᵢ, zⱼ)/τ))
/// ```
///
/// [Chen 2020]: https://arxiv.org/abs/2002.05709
///
/// - Parameters:
///   - first: [batch, features].
///   - second: The same shape; row i is the other view of row i.
///   - temperature: τ, above 0.
///   - reduction: The mean over the views, their sum, or the loss of every view, those of `first`
///     before those of `second`.
public func normalizedTemperatureCrossEntropy(
  _ first: Tensor, _ second: Tensor, temperature: Double = 0.5, reduction: Reduction = .mean
) -> Tensor {
  let (a, b) = checkedBatch(first, second, temperature, in: "normalizedTemperatureCrossEntropy")
  let count = a.shape[0]
  let views = directions(concatenated([a, b]))
  let logits = matmul(views, views.transposed()) / temperature
  let index = Tensor.range(0..<(2 * count))
  // No view is compared with itself.
  let isSelf = index.expandingShape(at: -1) .== index
  let masked = select(isSelf, Tensor(-Double.infinity, dtype: logits.dtype), logits)
  let partners = concatenated([Tensor.range(count..<(2 * count)), Tensor.range(0..<count)])
  return softmaxCrossEntropy(logits: masked, labels: partners, reduction: reduction)
}

private func checkedBatch(
  _ first: Tensor, _ second: Tensor, _ temperature: Double, in operation: StaticString
) -> (Tensor, Tensor) {
  let (a, b) = embeddings(first, second, in: operation)
  require(a.rank == 2, "\(operation): the shape \(a.shape) is not [batch, features]")
  require(temperature > 0, "\(operation): the temperature \(temperature) is not positive")
  return (a, b)
}
