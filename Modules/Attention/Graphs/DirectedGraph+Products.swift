import Core
internal import Kernels

// Three operations are all that graph layers need, and each other's derivatives. They belong to one
// form that is linear in each of its arguments, weights w of the edges, states x of the senders and
// states u of the receivers:
//
//   T(w, x, u) = Σₑ Σₕ w[e, h] ⟨x[sender of e, h], u[receiver of e, h]⟩
//
// ∂T/∂u is the weighted sum over neighbours, ∂T/∂x the same along the edges turned around, and
// ∂T/∂w the inner products along the edges.

extension DirectedGraph {
  /// The sum over the neighbours of each node: [nodes, …] → [nodes, …].
  ///
  /// ```
  /// y[i] = Σ x[j] over the edges from j to i
  /// ```
  public func neighbourSum(_ x: Tensor) -> Tensor {
    let x = states(x, in: "neighbourSum")
    return weightedSum(x.reshaped([nodeCount, 1, x.width]), nil, along: .forward).reshaped(x.shape)
  }

  /// The weighted sum over the neighbours of each node, for each head by itself.
  ///
  /// ```
  /// y[i, h] = Σ w[e, h] x[j, h] over the edges e from j to i
  /// ```
  ///
  /// - Parameters:
  ///   - x: [nodes, heads, features], or [nodes, features] for one head.
  ///   - weights: [edges, heads], or [edges] for one head.
  /// - Returns: In the shape of `x`. No message is ever stored: the cost is that of reading the
  ///   neighbours.
  public func neighbourSum(_ x: Tensor, weights: Tensor) -> Tensor {
    let (x, weights) = promoted(states(x, in: "neighbourSum"), floating(weights))
    let heads = weights.rank == 1 ? 1 : x.shape.dropFirst().first ?? 1
    require(
      weights.shape == (weights.rank == 1 ? [edgeCount] : [edgeCount, heads])
        && (weights.rank == 1 || x.rank == 3),
      "neighbourSum: states of shape \(x.shape) with weights of shape \(weights.shape) on \(edgeCount) edges; needs [nodes, heads, features] with [edges, heads], or [nodes, features] with [edges]"
    )
    return weightedSum(
      x.reshaped([nodeCount, heads, x.count / max(nodeCount * heads, 1)]),
      weights.reshaped([edgeCount, heads]), along: .forward
    ).reshaped(x.shape)
  }

  /// The inner product of a state of the sender and one of the receiver, for each edge and head.
  ///
  /// ```
  /// y[e, h] = ⟨x[j, h], u[i, h]⟩ for the edge e from j to i
  /// ```
  ///
  /// - Parameters:
  ///   - x: Of the senders: [nodes, heads, features].
  ///   - u: Of the receivers: [nodes, heads, features].
  /// - Returns: [edges, heads].
  public func edgeProducts(senders x: Tensor, receivers u: Tensor) -> Tensor {
    let (x, u) = promoted(states(x, in: "edgeProducts"), states(u, in: "edgeProducts"))
    require(
      x.rank == 3 && x.shape == u.shape,
      "edgeProducts: states of shapes \(x.shape) and \(u.shape); both are [nodes, heads, features]")
    return products(x, u)
  }

  /// The state of the sender of each edge: [nodes, …] → [edges, …].
  public func atSenders(_ x: Tensor) -> Tensor {
    let x = states(x, in: "atSenders")
    let result = x.detached.gathered(at: senders)
    let graph = self
    return result.recorded(from: x) { upstream, _ in graph.sumAtSenders(upstream) }
  }

  /// The state of the receiver of each edge: [nodes, …] → [edges, …].
  public func atReceivers(_ x: Tensor) -> Tensor {
    arrivals.spread(states(x, in: "atReceivers"))
  }

  // MARK: - Recorded kernels

  private enum Direction { case forward, backward }

  private func weightedSum(
    _ x: Tensor, _ weights: Tensor?, along direction: Direction
  ) -> Tensor {
    let (x, weights) = (x.contiguous(), weights?.contiguous())
    let result = Tensor(uninitialized: x.shape, dtype: x.dtype)
    let runs = direction == .forward ? content.arrivals : content.departures
    runs.withGroups(
      rows: direction == .forward ? senders : content.departingReceivers,
      places: direction == .forward ? nil : content.departing
    ) { groups in
      apus_group_sum(
        x.dtype.kernel, groups, x.shape[1], x.shape[2], x.pointer, weights?.pointer,
        result.pointer)
    }
    extendLifetime(x.storage)
    extendLifetime(weights?.storage)
    countMultiplyAdds(edgeCount * x.width)
    let graph = self
    let opposite: Direction = direction == .forward ? .backward : .forward
    guard let weights else {
      return result.recorded(from: x) { upstream, _ in
        graph.weightedSum(upstream, nil, along: opposite)
      }
    }
    let (savedX, savedWeights) = (Saved(x), Saved(weights))
    return result.recorded(from: x, weights) { upstream, node, needs in
      let x = savedX.restored(node.first)
      return Cotangents(
        needs[0]
          ? graph.weightedSum(upstream, savedWeights.restored(node.second), along: opposite) : nil,
        needs[1]
          ? direction == .forward ? graph.products(x, upstream) : graph.products(upstream, x)
          : nil)
    }
  }

  private func products(_ x: Tensor, _ u: Tensor) -> Tensor {
    let (x, u) = (x.contiguous(), u.contiguous())
    let result = Tensor(uninitialized: [edgeCount, x.shape[1]], dtype: x.dtype)
    arrivals.withGroups(rows: senders) { groups in
      apus_group_products(
        x.dtype.kernel, groups, x.shape[1], x.shape[2], x.pointer, u.pointer, result.pointer)
    }
    extendLifetime(x.storage)
    extendLifetime(u.storage)
    countMultiplyAdds(edgeCount * x.width)
    let (savedX, savedU) = (Saved(x), Saved(u))
    let graph = self
    return result.recorded(from: x, u) { upstream, node, needs in
      Cotangents(
        needs[0]
          ? graph.weightedSum(savedU.restored(node.second), upstream, along: .backward) : nil,
        needs[1]
          ? graph.weightedSum(savedX.restored(node.first), upstream, along: .forward) : nil)
    }
  }

  /// The transpose of ``atSenders(_:)``.
  private func sumAtSenders(_ values: Tensor) -> Tensor {
    let values = values.contiguous()
    let result = Tensor(
      uninitialized: Shape([nodeCount] + values.shape.dropFirst()), dtype: values.dtype)
    content.departures.withGroups(rows: content.departing) { groups in
      apus_group_sum(
        values.dtype.kernel, groups, 1, values.width, values.pointer, nil, result.pointer)
    }
    extendLifetime(values.storage)
    let graph = self
    return result.recorded(from: values) { upstream, _ in graph.atSenders(upstream) }
  }

  private func states(_ x: Tensor, in operation: StaticString) -> Tensor {
    require(
      x.rank >= 1 && x.shape[0] == nodeCount,
      "\(operation): states of shape \(x.shape) on a graph of \(nodeCount) nodes; needs [nodes, …]")
    return floating(x)
  }
}
