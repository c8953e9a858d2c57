import Core

extension DirectedGraph {
  /// The graph of an adjacency matrix [nodes, nodes]: an edge from j to i where element [i, j] is
  /// not 0, so that the matrix times the states sums over neighbours, and is an attention mask of
  /// [query, key].
  public init(adjacency: Tensor) {
    require(
      adjacency.rank == 2 && adjacency.shape[0] == adjacency.shape[1],
      "DirectedGraph: an adjacency of shape \(adjacency.shape) is not [nodes, nodes]")
    let places = adjacency.nonzeroIndices()
    self.init(
      nodeCount: adjacency.shape[0], senders: places[.all, 1].scalars(as: Int.self),
      receivers: places[.all, 0].scalars(as: Int.self))
  }

  /// The number of edges from j to i at [i, j]: [nodes, nodes].
  public func adjacency(dtype: DType = .float32) -> Tensor {
    let places = receivers * Tensor(nodeCount) + senders
    return Tensor.zeros([nodeCount * nodeCount], dtype: dtype)
      .adding(Tensor.ones([edgeCount], dtype: dtype), at: places)
      .reshaped([nodeCount, nodeCount])
  }

  /// Whether there is an edge from j to i, at [i, j]: `bool`, the mask under which dense attention
  /// is attention on this graph.
  public var mask: Tensor { adjacency() .> 0 }

  /// An edge from each node to each, those to itself included if wanted: n² or n (n − 1) edges.
  ///
  /// A sentence as attention sees it (course document 004, question 2.3: 12 edges for four words,
  /// 16 with self-loops).
  public static func complete(_ nodeCount: Int, selfLoops: Bool = true) -> DirectedGraph {
    made(nodeCount) { i in (0..<nodeCount).filter { selfLoops || $0 != i } }
  }

  /// An edge from each node to itself and to all later ones: causal attention.
  public static func causal(_ nodeCount: Int) -> DirectedGraph {
    made(nodeCount) { i in Array(0...i) }
  }

  /// An edge from each node to those at most `radius` places away, itself included: about
  /// (2 radius + 1) n edges, and ⌈(n − 1) / radius⌉ steps from end to end.
  public static func window(_ nodeCount: Int, radius: Int) -> DirectedGraph {
    require(radius >= 0, "DirectedGraph.window: a radius of \(radius)")
    return made(nodeCount) { i in
      Array(max(0, i - radius)...min(nodeCount - 1, i + radius))
    }
  }

  /// An edge from each node to those a multiple of `stride` places away, itself included: about
  /// n² / stride edges. Together with a window of that radius no two nodes are more than two steps
  /// apart.
  ///
  /// [Child et al. 2019]: https://arxiv.org/abs/1904.10509
  public static func strided(_ nodeCount: Int, stride: Int) -> DirectedGraph {
    require(stride >= 1, "DirectedGraph.strided: a stride of \(stride)")
    return made(nodeCount) { i in
      Array(Swift.stride(from: i % stride, to: nodeCount, by: stride))
    }
  }

  /// A graph from the neighbours of each node.
  private static func made(_ nodeCount: Int, _ neighbours: (Int) -> [Int]) -> DirectedGraph {
    require(nodeCount >= 0, "DirectedGraph: \(nodeCount) nodes")
    var (senders, receivers): ([Int], [Int]) = ([], [])
    for receiver in 0..<nodeCount {
      let from = neighbours(receiver)
      senders += from
      receivers += [Int](repeating: receiver, count: from.count)
    }
    return DirectedGraph(nodeCount: nodeCount, senders: senders, receivers: receivers)
  }
}
