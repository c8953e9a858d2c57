import Core

/// The states of the nodes of a graph: what goes into a graph layer and comes out of it.
public struct GraphStates: Sendable {
  /// The graph whose nodes these are.
  public let graph: DirectedGraph
  /// [nodes, features]
  public let states: Tensor

  /// States [nodes, features] of a graph.
  public init(_ states: Tensor, on graph: DirectedGraph) {
    self.graph = graph
    self.states = states
  }
}

/// A layer that changes the states of the nodes of any graph.
///
/// ```swift
/// let network = Sequential {
///   GraphConvolution(34, 16, activation: .relu)
///   GraphConvolution(16, 2)
/// }
/// let logits = network(GraphStates(features, on: graph)).states
/// ```
public protocol GraphLayer: Layer, Sendable where Input == GraphStates, Output == GraphStates {
  /// The new states, [nodes, out], from states [nodes, in].
  func updated(_ states: Tensor, on graph: DirectedGraph) -> Tensor
}

extension GraphLayer {
  public func callAsFunction(_ input: GraphStates) -> GraphStates {
    reported(self, input) { input in
      GraphStates(updated(input.states, on: input.graph), on: input.graph)
    }
  }

  /// The new states, [nodes, out], from states [nodes, in].
  public func callAsFunction(_ states: Tensor, on graph: DirectedGraph) -> Tensor {
    callAsFunction(GraphStates(states, on: graph)).states
  }
}

/// A layer of graphs on one that does not change: a layer from states to states.
///
/// ```swift
/// let network = OnGraph(graph, GraphConvolution(34, 2))
/// let logits = network(features)                       // [nodes, classes]
/// ```
public struct OnGraph<L: Layer>: Layer where L.Input == GraphStates, L.Output == GraphStates {
  /// The graph that inputs live on.
  public let graph: DirectedGraph
  /// The layer of graphs.
  public let layer: L

  /// A graph layer as a layer of tensors, on one graph.
  public init(_ graph: DirectedGraph, _ layer: L) {
    self.graph = graph
    self.layer = layer
  }

  public func callAsFunction(_ states: Tensor) -> Tensor {
    reported(layer, GraphStates(states, on: graph)) { layer($0) }.states
  }
}

extension OnGraph: Sendable where L: Sendable {}

/// Traps unless states are [nodes, inputs] of the graph.
func requireStates(
  _ states: Tensor, _ inputs: Int, on graph: DirectedGraph, in operation: StaticString
) {
  require(
    states.shape == [graph.nodeCount, inputs],
    "\(operation): states of shape \(states.shape); needs [\(graph.nodeCount) nodes, \(inputs) features]"
  )
}
