import Core

/// Several graphs side by side as one, with no edge between them: one pass does them all.
///
/// ```swift
/// let batch = GraphBatch([first, second])
/// let states = network(concatenated([firstStates, secondStates]), on: batch.graph)
/// let perGraph = batch.nodes.mean(states)               // [2, features]
/// ```
public struct GraphBatch: Sendable {
  /// All nodes, those of the first graph first, and all edges.
  public let graph: DirectedGraph
  /// The nodes of each graph, as runs of all nodes: to reduce states to one row for each graph.
  public let nodes: Segments

  /// Graphs side by side, as one graph without edges between them.
  public init(_ graphs: [DirectedGraph]) {
    var (senders, receivers): ([Int], [Int]) = ([], [])
    var first = 0
    for graph in graphs {
      senders += graph.senders.scalars(as: Int.self).map { $0 + first }
      receivers += graph.receivers.scalars(as: Int.self).map { $0 + first }
      first += graph.nodeCount
    }
    graph = DirectedGraph(nodeCount: first, senders: senders, receivers: receivers)
    nodes = Segments(lengths: graphs.map(\.nodeCount))
  }

  /// How many graphs there are.
  public var count: Int { nodes.count }

  /// States of all nodes as those of each graph.
  public func split(_ states: Tensor) -> [Tensor] {
    states.split(sizes: nodes.lengths.scalars(as: Int.self))
  }
}
