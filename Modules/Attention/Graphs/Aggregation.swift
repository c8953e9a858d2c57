import Core

/// How the messages that arrive at a node become one: Agg of course document 004, question 2.
///
/// A node that no edge arrives at gets 0 from each of them.
public struct Aggregation: Sendable {
  private let body: @Sendable (_ messages: Tensor, _ edges: EdgeStates) -> Tensor

  /// An aggregation of your own: from messages [edges, …] to [nodes, …].
  public init(_ body: @escaping @Sendable (_ messages: Tensor, _ edges: EdgeStates) -> Tensor) {
    self.body = body
  }

  /// Σ over the edges that arrive.
  public static let sum = Aggregation { $1.graph.arrivals.sum($0) }

  /// Their mean.
  public static let mean = Aggregation { $1.graph.arrivals.mean($0) }

  /// The greatest, element by element.
  public static let maximum = Aggregation { $1.graph.arrivals.maximum($0) }

  /// Σ w m over the edges that arrive.
  ///
  /// - Parameter weights: w of each edge: [edges], or [edges, heads] for messages
  ///   [edges, heads, features]. It may look at both ends.
  public static func weighted(
    by weights: @escaping @Sendable (EdgeStates) -> Tensor
  ) -> Aggregation {
    Aggregation { messages, edges in
      edges.graph.arrivals.sum(messages * stretched(weights(edges), over: messages))
    }
  }

  /// Σ α m, with α the softmax of the scores over the edges that arrive at the same node.
  ///
  /// - Parameter scores: [edges], or [edges, heads] for messages [edges, heads, features]. They may
  ///   look at both ends: attention asks what the sender has for the receiver.
  public static func attention(
    scores: @escaping @Sendable (EdgeStates) -> Tensor
  ) -> Aggregation {
    weighted { edges in edges.graph.arrivals.softmax(scores(edges)) }
  }

  /// Messages [edges, …] as one value for each node, [nodes, …].
  public func callAsFunction(_ messages: Tensor, _ edges: EdgeStates) -> Tensor {
    require(
      messages.rank >= 1 && messages.shape[0] == edges.graph.edgeCount,
      "Aggregation: messages of shape \(messages.shape) on \(edges.graph.edgeCount) edges")
    return body(messages, edges)
  }
}

/// Weights with axes of 1 after their own, so that they broadcast over messages.
private func stretched(_ weights: Tensor, over messages: Tensor) -> Tensor {
  require(
    weights.rank <= messages.rank
      && weights.shape.elementsEqual(messages.shape.prefix(weights.rank)),
    "Aggregation: weights of shape \(weights.shape) for messages of shape \(messages.shape); needs [edges] or [edges, heads]"
  )
  let ones = [Int](repeating: 1, count: messages.rank - weights.rank)
  return weights.reshaped(Shape(Array(weights.shape) + ones))
}
