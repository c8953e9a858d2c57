import Core

/// What a message may depend on: the states at both ends of every edge, and the edge itself.
///
/// All edges are done at once, so that everything is a tensor with one row for each edge, in the
/// order of the graph. The states are those of one moment: no message sees another's effect.
public struct EdgeStates {
  /// The graph whose edges these are.
  public let graph: DirectedGraph
  /// The states of the nodes, hₜ: [nodes, …].
  public let states: Tensor
  /// What belongs to the edges themselves, in the order of the graph: [edges, …].
  public let attributes: Tensor?

  /// - Parameters:
  ///   - states: [nodes, …].
  ///   - attributes: [edges, …], in the order of the graph; none by default.
  public init(graph: DirectedGraph, states: Tensor, attributes: Tensor? = nil) {
    if let attributes {
      require(
        attributes.rank >= 1 && attributes.shape[0] == graph.edgeCount,
        "EdgeStates: attributes of shape \(attributes.shape) for \(graph.edgeCount) edges")
    }
    self.graph = graph
    self.states = states
    self.attributes = attributes
  }

  /// hⱼ, the state of the node that each edge leaves: [edges, …].
  public var senders: Tensor { graph.atSenders(states) }
  /// hᵢ, the state of the node that each edge arrives at: [edges, …].
  public var receivers: Tensor { graph.atReceivers(states) }
}
