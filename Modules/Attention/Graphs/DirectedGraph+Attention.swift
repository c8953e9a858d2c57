import Core

extension DirectedGraph {
  /// Scaled dot-product attention where each node attends to its neighbours only.
  ///
  /// ```
  /// αₑ = softmax over the edges e that arrive at i of s ⟨qᵢ, kⱼ⟩
  /// yᵢ = Σ αₑ vⱼ over the edges e from j to i
  /// ```
  ///
  /// On the complete graph with self-loops this is the attention of a transformer (course document
  /// 004, question 2.4); on a sparse graph it costs as much as there are edges, in time and in
  /// memory, instead of the square of the nodes.
  ///
  /// - Parameters:
  ///   - query: [nodes, heads, features].
  ///   - key: In the shape of `query`.
  ///   - value: [nodes, heads, …].
  ///   - scale: s; 1/√features by default. The course document's equation 3 has 1.
  /// - Returns: In the shape of `value`. A node that no edge arrives at gets 0.
  public func attention(
    query: Tensor, key: Tensor, value: Tensor, scale: Double? = nil
  ) -> Tensor {
    neighbourSum(value, weights: attentionWeights(query: query, key: key, scale: scale))
  }

  /// α of ``attention(query:key:value:scale:)`` for each edge and head: [edges, heads].
  public func attentionWeights(query: Tensor, key: Tensor, scale: Double? = nil) -> Tensor {
    let scores = edgeProducts(senders: key, receivers: query)
    let features = query.shape[query.rank - 1]
    let scale = scale ?? 1 / Double(max(features, 1)).squareRoot()
    return arrivals.softmax(scale == 1 ? scores : scores * scale)
  }
}
