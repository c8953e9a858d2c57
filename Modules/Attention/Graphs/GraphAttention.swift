import Activations
import Core

/// Graph attention: a weighted mean over neighbours whose weights come from the states at both ends.
///
/// ```
/// gᵢ  = W hᵢ                                                  for each head
/// sₑ  = LeakyReLU(⟨a, gⱼ⟩ + ⟨c, gᵢ⟩)                          for the edge e from j to i
/// hᵢ′ = φ(Σ softmax(s)ₑ gⱼ + b)                               the softmax over edges to i
/// ```
///
/// Heads are put side by side, or averaged. A self-loop is added where there is none.
///
/// [Veličković et al. 2018]: https://arxiv.org/abs/1710.10903
public struct GraphAttention: GraphLayer {
  /// W of all heads, [heads · features, in]
  public let weight: Parameter
  /// a, for the state at the edge's beginning: [heads, features]
  public let senderScore: Parameter
  /// c, for the state at its end: [heads, features]
  public let receiverScore: Parameter
  /// b, [heads · features], or [features] where heads are averaged
  public let bias: Parameter?
  /// What is applied to the result.
  public let activation: Activation
  /// The slope for negative scores.
  public let slope: Double
  /// Whether heads are averaged, in place of put side by side.
  public let averagesHeads: Bool
  /// Whether each node hears itself too.
  public let addsSelfLoops: Bool
  /// The probability of dropping, while training.
  public let dropoutProbability: Double

  /// - Parameters:
  ///   - features: Those of one head.
  ///   - heads: How many there are; 1 by default.
  ///   - averagesHeads: Whether the result is the heads' mean, [nodes, features], and not
  ///     [nodes, heads · features]; the default is that it is not.
  ///   - slope: Of the leaky rectifier for negative scores; 0.2 by default.
  ///   - dropout: The probability that an edge's weight is 0 in training; 0 by default.
  ///   - activation: φ; none by default.
  ///   - hasBias: Whether b is there. It starts at 0.
  ///   - addsSelfLoops: Whether a node hears itself; the default is that it does.
  ///   - initializer: Draws the weights; the default is Glorot's uniform.
  public init(
    _ inputs: Int, _ features: Int, heads: Int = 1, averagesHeads: Bool = false,
    slope: Double = 0.2, dropout: Double = 0, activation: Activation = .identity,
    hasBias: Bool = true, addsSelfLoops: Bool = true, initializer: Initializer = .glorotUniform
  ) {
    require(
      inputs >= 0 && features >= 0 && heads >= 1,
      "GraphAttention: \(heads) heads from \(inputs) to \(features) features")
    requireProbability(dropout, in: "GraphAttention")
    weight = Parameter(
      initializer.tensor([heads * features, inputs], inputs: inputs, outputs: heads * features))
    func score() -> Parameter {
      Parameter(initializer.tensor([heads, features], inputs: features, outputs: 1))
    }
    senderScore = score()
    receiverScore = score()
    bias = hasBias ? Parameter(.zeros([averagesHeads ? features : heads * features])) : nil
    self.averagesHeads = averagesHeads
    self.slope = slope
    dropoutProbability = dropout
    self.activation = activation
    self.addsSelfLoops = addsSelfLoops
  }

  public func updated(_ states: Tensor, on graph: DirectedGraph) -> Tensor {
    requireStates(states, weight.shape[1], on: graph, in: "GraphAttention")
    let graph = addsSelfLoops ? graph.withSelfLoops() : graph
    let mapped = mapped(states)
    var weights = weights(mapped, on: graph)  // [edge, head]
    if Mode.current == .training {
      weights = dropout(weights, probability: dropoutProbability)
    }
    let heads = graph.neighbourSum(mapped, weights: weights)  // [node, head, feature]
    let joined = averagesHeads ? heads.mean(along: 1) : heads.flattened(from: 1)
    return activation(bias.map { joined + $0.value } ?? joined)
  }

  /// How much each edge counts, with the self-loops that the layer adds: [edges, heads]. Over the
  /// edges that arrive at one node the weights sum to 1.
  public func attentionWeights(_ states: Tensor, on graph: DirectedGraph) -> Tensor {
    weights(mapped(states), on: addsSelfLoops ? graph.withSelfLoops() : graph)
  }

  /// [node, head, feature]
  private func mapped(_ states: Tensor) -> Tensor {
    linear(states, weight: weight.value)
      .reshaped(Shape([states.shape[0]] + Array(senderScore.shape)))
  }

  private func weights(_ mapped: Tensor, on graph: DirectedGraph) -> Tensor {
    let sent = (mapped * senderScore.value).sum(along: -1)  // [node, head]
    let received = (mapped * receiverScore.value).sum(along: -1)
    let scores = graph.atSenders(sent) + graph.atReceivers(received)
    return graph.arrivals.softmax(leakyReLU(scores, slope: slope))
  }
}
