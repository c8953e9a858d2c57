import Core

extension DirectedGraph {
  /// This graph with an edge from each node to itself, where there is none. Made once.
  ///
  /// The added edges come first among those of their receiver, and have the ``order`` of the list
  /// "all nodes, then this graph's edges".
  public func withSelfLoops() -> DirectedGraph {
    content.memory.withLock { memory in
      if let known = memory.withSelfLoops { return known }
      let edges = edges
      var hasLoop = [Bool](repeating: false, count: nodeCount)
      for edge in edges where edge.from == edge.to { hasLoop[edge.from] = true }
      let missing = hasLoop.indices.filter { !hasLoop[$0] }
      let result = DirectedGraph(
        nodeCount: nodeCount, senders: missing + edges.map(\.from),
        receivers: missing + edges.map(\.to))
      memory.withSelfLoops = result
      return result
    }
  }

  /// Every edge turned around.
  public func reversed() -> DirectedGraph {
    DirectedGraph(nodeCount: nodeCount, edges: edges.map { ($0.to, $0.from) })
  }

  /// Every edge both ways, each once.
  public func symmetrized() -> DirectedGraph { union(reversed()) }

  /// The edges of both graphs, each once.
  public func union(_ other: DirectedGraph) -> DirectedGraph {
    require(
      nodeCount == other.nodeCount,
      "DirectedGraph.union: graphs of \(nodeCount) and \(other.nodeCount) nodes")
    var seen: Set<[Int]> = []
    return DirectedGraph(
      nodeCount: nodeCount,
      edges: (edges + other.edges).filter { seen.insert([$0.from, $0.to]).inserted })
  }

  /// The number of edges on the shortest way from a node to every node; `nil` where there is none.
  ///
  /// After t rounds of message passing a node knows of those within t edges, and of no others.
  public func distances(from node: Int) -> [Int?] {
    require(
      0..<nodeCount ~= node, "DirectedGraph: no node \(node) in a graph of \(nodeCount)")
    let offsets = content.departures.offsets.scalars(as: Int.self)
    let receivers = content.departingReceivers.scalars(as: Int.self)
    var distances = [Int?](repeating: nil, count: nodeCount)
    distances[node] = 0
    var (front, steps) = ([node], 0)
    while !front.isEmpty {
      steps += 1
      var next: [Int] = []
      for sender in front {
        for receiver in receivers[offsets[sender]..<offsets[sender + 1]]
        where distances[receiver] == nil {
          distances[receiver] = steps
          next.append(receiver)
        }
      }
      front = next
    }
    return distances
  }

  /// The greatest distance between two nodes, the rounds of message passing that let each node hear
  /// of each; `nil` where some node never hears of another.
  public var diameter: Int? {
    var greatest = 0
    for node in 0..<nodeCount {
      for distance in distances(from: node) {
        guard let distance else { return nil }
        greatest = max(greatest, distance)
      }
    }
    return greatest
  }
}
