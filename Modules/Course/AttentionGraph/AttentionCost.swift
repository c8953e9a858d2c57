import Attention
import Core

/// What attention over long sentences costs (question 2.5): on the complete graph, and on sparse
/// ones where far words still hear of each other in two steps.
struct AttentionCost {
  struct Row {
    let words: Int
    let shape: String
    let edges: Int
    /// The steps from any word to any other.
    let steps: Int?
    /// For one round on 64 features, the least of three.
    let milliseconds: Double
  }

  private(set) var rows: [Row] = []

  init(lengths: [Int]) {
    for words in lengths {
      let stride = max(Int(Double(words).squareRoot().rounded()), 1)
      let window = DirectedGraph.window(words, radius: stride)
      let shapes = [
        ("complete", DirectedGraph.complete(words)), ("window ±\(stride)", window),
        ("window ±\(stride) and every \(stride)", window.union(.strided(words, stride: stride))),
      ]
      for (shape, graph) in shapes {
        rows.append(
          Row(
            words: words, shape: shape, edges: graph.edgeCount,
            steps: words <= 512 ? graph.diameter : Self.steps(shape, words, stride),
            milliseconds: Self.time(graph)))
      }
    }
  }

  /// The diameter by the formula: walking all pairs of a long sentence would take longer than all
  /// the rest.
  static func steps(_ shape: String, _ words: Int, _ stride: Int) -> Int {
    if shape == "complete" { return words > 1 ? 1 : 0 }
    return shape.contains("every") ? min(2, words - 1) : (words - 2) / stride + 1
  }

  private static func time(_ graph: DirectedGraph) -> Double {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([graph.nodeCount, 1, 64], using: &generator)
    return (0..<3).map { _ in
      let duration = ContinuousClock().measure {
        _ = graph.attention(query: x, key: x, value: x)
      }
      return Double(duration.components.attoseconds) / 1e15
        + Double(duration.components.seconds) * 1e3
    }.min()!
  }

  /// A table in columns.
  var table: String {
    var lines = ["words   graph                        edges   steps   milliseconds"]
    for row in rows {
      lines.append(
        grouped(row.words).padded(to: 5) + "   " + row.shape.filled(to: 24)
          + grouped(row.edges).padded(to: 10) + (row.steps.map(String.init) ?? "–").padded(to: 8)
          + fixed(row.milliseconds, 2).padded(to: 15))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
