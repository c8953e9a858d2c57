import Core

extension DirectedGraph {
  /// One round of message passing: every node hears from its neighbours and changes its state, all
  /// at once.
  ///
  /// ```
  /// hᵢᵗ⁺¹ = q(hᵢᵗ, Agg {fⱼᵢ(hⱼᵗ) : vⱼ ∈ 𝒩(vᵢ)})
  /// ```
  ///
  /// All messages are made from the same snapshot hᵗ before any state changes.
  ///
  /// ```swift
  /// let next = graph.passMessages(from: h, aggregation: .mean) { edges in
  ///   tanh(matmul(edges.senders, weight))
  /// } update: { h, message in
  ///   h + message
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - states: hᵗ, [nodes, …].
  ///   - attributes: What belongs to the edges, in the order of the graph: [edges, …].
  ///   - aggregation: Agg; the sum by default.
  ///   - message: f, for all edges at once: [edges, …]; the sender's state by default. It may look
  ///     at the receiver too.
  ///   - update: q, from hᵗ and what was aggregated; the latter alone by default.
  /// - Returns: hᵗ⁺¹, [nodes, …].
  ///
  /// Source: course document 004, question 2, equation 1; [Gilmer et al. 2017]:
  /// https://arxiv.org/abs/1704.01212
  public func passMessages(
    from states: Tensor, attributes: Tensor? = nil, aggregation: Aggregation = .sum,
    message: (EdgeStates) -> Tensor = { $0.senders },
    update: (_ states: Tensor, _ aggregated: Tensor) -> Tensor = { $1 }
  ) -> Tensor {
    require(
      states.rank >= 1 && states.shape[0] == nodeCount,
      "passMessages: states of shape \(states.shape) on a graph of \(nodeCount) nodes; needs [nodes, …]"
    )
    let edges = EdgeStates(graph: self, states: floating(states), attributes: attributes)
    return update(states, aggregation(message(edges), edges))
  }
}
