import Attention
import Core

/// One layer of attention over a sentence, computed as a transformer does and as a graph does.
///
/// Vectors and matrices are random: what is shown is the mechanism, not what a trained one looks at.
struct SentenceAttention {
  let words: [String]
  let heads: Int
  /// One vector for each word; equal words have equal vectors, apart from their places.
  let states: Tensor
  /// Q, K and V of all heads, [head, feature, width].
  private let query, key, value: Tensor

  /// - Parameter width: Of the words' vectors; a head has as many features.
  init(words: [String], heads: Int, width: Int, seed: UInt64) {
    self.words = words
    self.heads = heads
    var generator = RandomGenerator(seed: seed)
    var vectors: [String: Tensor] = [:]
    for word in words where vectors[word] == nil {
      vectors[word] = .randomNormal([width], dtype: .float64, using: &generator)
    }
    states =
      stacked(words.map { vectors[$0]! })
      + sinusoidalPositions(count: words.count, width: width, dtype: .float64)
    func matrices() -> Tensor {
      // So that scores are about 1, without a scale.
      .randomNormal(
        [heads, width, width],
        deviation: 1
          / (Double(width) * Double(width).squareRoot())
          .squareRoot(), dtype: .float64, using: &generator)
    }
    (query, key, value) = (matrices(), matrices(), matrices())
  }

  /// As a transformer: softmax(Q Kᵀ) V over whole matrices, [word, head, feature].
  ///
  /// The scale is 1, as in equation 3 of the course document.
  ///
  /// - Parameter mask: True where a word may hear another: [word, word].
  func dense(mask: Tensor) -> Tensor {
    func mapped(_ matrices: Tensor) -> Tensor { matmul(states, matrices.transposed(-2, -1)) }
    return scaledDotProductAttention(
      mapped(query), mapped(key), mapped(value), mask: mask, scale: 1
    ).transposed(0, 1)
  }

  /// As a graph: each word hears V hⱼ from each word that has an edge to it, weighted by the softmax
  /// of Q hᵢ · K hⱼ: [word, head, feature].
  func messages(on graph: DirectedGraph) -> Tensor {
    graph.passMessages(
      from: states, aggregation: .attention(scores: scores), message: { mapped($0.senders, value) })
  }

  /// How much each edge counts: [edge, head].
  func weights(on graph: DirectedGraph) -> Tensor {
    graph.arrivals.softmax(
      scores(EdgeStates(graph: graph, states: states)))
  }

  private var scores: @Sendable (EdgeStates) -> Tensor {
    let (query, key) = (query, key)
    return { edges in
      (mapped(edges.receivers, query) * mapped(edges.senders, key)).sum(along: -1)
    }
  }
}

/// Rows [edge, width] through the matrix of each head: [edge, head, feature].
private func mapped(_ rows: Tensor, _ matrices: Tensor) -> Tensor {
  einsum("ew,hfw->ehf", rows, matrices)
}
