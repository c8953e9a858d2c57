import Attention
import Core
import LayerTesting
import Testing

/// Course document 004, question 2.
@Suite struct GraphQuestionTests {
  /// 2.1: with the sum, hᵢᵗ⁺¹ = q(hᵢᵗ, Σ fⱼᵢ(hⱼᵗ)), here with another f for each edge.
  @Test func `2·1 summed messages are the formula node by node`() throws {
    let graph = GraphProductTests.random(6, 15, seed: 1)
    var generator = RandomGenerator(seed: 2)
    let h = Tensor.randomNormal([6, 3], dtype: .float64, using: &generator)
    let matrices = Tensor.randomNormal([15, 3, 3], dtype: .float64, using: &generator)
    let next = graph.passMessages(
      from: h, attributes: matrices,
      message: { matmul($0.attributes!, $0.senders.expandingShape(at: 2)).squeezed(2) },
      update: { tanh($0) + $1 })
    for node in 0..<6 {
      var expected = tanh(h[node])
      for (edge, ends) in graph.edges.enumerated() where ends.to == node {
        expected = expected + matmul(matrices[edge], h[ends.from])
      }
      try expectClose(next[node], expected)
    }
  }

  /// 2.2: Agg = [0.6, 0.2, 0.2] [f(h₂), f(h₃), f(h₄)] = 2 (0.6 [−1, 1] + 0.2 [0, −1] + 0.2 [1, 0])
  /// = [−0.8, 0.8], and W h₁ᵀ = 1 − 1 = 0, so h₁ᵗ⁺¹ = [0, 0.8].
  @Test func `2·2 the first node's next state`() throws {
    let h = Tensor([[1, -1], [-1, 1], [0, -1], [1, 0]], dtype: .float64)
    let weights = Tensor([0.6, 0.2, 0.2], dtype: .float64)
    let next = GraphTests.star.passMessages(
      from: h, aggregation: .weighted { _ in weights }, message: { 2 * $0.senders }
    ) { h, heard in
      h.sum(along: 1, keepingAxes: true) + maximum(heard, Tensor.zeros(like: heard))
    }
    try expectClose(next[0], Tensor([0, 0.8], dtype: .float64), absolute: 1e-15)
  }

  @Test func `2·3 four words have 12 edges, 16 with those to themselves`() {
    let sentence = DirectedGraph.complete(4, selfLoops: false)
    #expect(sentence.edgeCount == 12)
    #expect(sentence.withSelfLoops().edgeCount == 16)
    #expect(sentence.withSelfLoops().mask == DirectedGraph.complete(4).mask)
  }

  /// 2.4: f is h ↦ V h; Agg weighs by the softmax of ⟨Q hᵢ, K hⱼ⟩ over j, for which it sees the
  /// receiver; q keeps what was aggregated.
  @Test(arguments: 0..<8) func `2·4 attention is message passing on the complete graph`(
    _ seed: UInt64
  ) throws {
    var generator = RandomGenerator(seed: seed)
    let (words, width) = (Int.random(in: 1...9, using: &generator), 5)
    let h = Tensor.randomNormal([words, width], dtype: .float64, using: &generator)
    func matrix() -> Tensor { .randomNormal([3, width], dtype: .float64, using: &generator) }
    let (q, k, v) = (matrix(), matrix(), matrix())
    let scores = matmul(matmul(h, q.transposed()), matmul(h, k.transposed()).transposed())
    let attention = matmul(softmax(scores), matmul(h, v.transposed()))
    let passed = DirectedGraph.complete(words).passMessages(
      from: h,
      aggregation: .attention { edges in
        (matmul(edges.receivers, q.transposed()) * matmul(edges.senders, k.transposed()))
          .sum(along: 1)
      },
      message: { matmul($0.senders, v.transposed()) })
    try expectClose(passed, attention, relative: 1e-12, absolute: 1e-12)
  }

  /// The same with heads: a score for each head and edge, heads side by side, then W_O as part of q.
  @Test(arguments: 0..<6) func `2·4 and so is attention with several heads`(_ seed: UInt64) throws {
    var generator = RandomGenerator(seed: 100 + seed)
    let (words, heads, size) = (7, Int.random(in: 1...4, using: &generator), 3)
    let layer = withRandom(seed: seed) { MultiHeadAttention(heads * size, heads: heads) }
    layer.convert(to: .float64)
    layer.inputBias!.value = .randomNormal(
      layer.inputBias!.shape, dtype: .float64, using: &generator)
    let h = Tensor.randomNormal([words, heads * size], dtype: .float64, using: &generator)
    let parts = linear(h, weight: layer.inputWeight!.value, bias: layer.inputBias!.value)
      .split(count: 3, along: 1).map { $0.reshaped([words, heads, size]) }
    let graph = DirectedGraph.complete(words)
    let passed = graph.passMessages(
      from: stacked(parts, along: 1),  // [word, role, head, feature]
      aggregation: .attention { edges in
        (edges.receivers[.all, 0] * edges.senders[.all, 1]).sum(along: -1)
          / Double(size).squareRoot()
      },
      message: { $0.senders[.all, 2] },
      update: { layer.output($1.flattened(from: 1)) })
    let expected = layer(h.expandingShape(at: 0)).squeezed(0)
    try expectClose(passed, expected, relative: 1e-12, absolute: 1e-12)
    let fused = graph.attention(query: parts[0], key: parts[1], value: parts[2])
    try expectClose(
      layer.output(fused.flattened(from: 1)), expected, relative: 1e-12, absolute: 1e-12)
  }

  /// All nodes change at once: a cycle of three hands its states on, and loses none.
  @Test func `every message is of one snapshot`() {
    let cycle = DirectedGraph(nodeCount: 3, edges: [(0, 1), (1, 2), (2, 0)])
    let h = Tensor([1, 2, 3])
    #expect(cycle.passMessages(from: h) == Tensor([3, 1, 2]))
  }

  /// 2.5: what is far away arrives after as many rounds as there are edges between, and no sooner.
  @Test func `2·5 a word hears of another after as many rounds as they are apart`() throws {
    for graph in [
      DirectedGraph.window(20, radius: 3), .causal(20),
      .window(20, radius: 2).union(.strided(20, stride: 5)),
    ] {
      let distances = graph.distances(from: 0)
      for rounds in 1...6 {
        let jacobian = jacobian(at: Tensor.ones([20], dtype: .float64)) { x in
          (0..<rounds).reduce(x) { x, _ in graph.passMessages(from: x, aggregation: .mean) }
        }
        for word in 0..<20 {
          #expect(
            (jacobian[word, 0].item() != 0) == (distances[word].map { $0 <= rounds } ?? false))
        }
      }
    }
  }
}
