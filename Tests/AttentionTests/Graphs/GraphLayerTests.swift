import Attention
import Core
import Foundation
import LayerTesting
import Testing

/// Tests/References/graphs.py made the values, from the papers' formulas over all pairs of nodes.
@Suite struct GraphLayerTests {
  struct Case: Decodable, Sendable {
    let kind: String
    let nodes, features, out: Int
    let edges: [[Int]]
    let heads: Int?
    let loops, averages, normalized: Bool?
    let aggregation: String?
    let results: [[Double]]
  }

  static let cases: [Case] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/graphs.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }()

  @Test func `every configuration was read`() {
    #expect(Self.cases.count == 90)
    #expect(Set(Self.cases.map(\.kind)) == ["convolution", "sage", "attention"])
  }

  /// Sets parameters from their hashes, and returns them with the layer.
  private func prepared<L: GraphLayer>(
    _ layer: L, _ parameters: [Parameter]
  ) -> (GraphStates) -> Tensor {
    layer.convert(to: .float64)
    for (index, parameter) in parameters.enumerated() {
      parameter.value = 2 * hashed(parameter.shape, UInt64(index + 2))
    }
    return { layer($0).states }
  }

  private func network(_ c: Case) -> (call: (GraphStates) -> Tensor, parameters: [Parameter]) {
    switch c.kind {
    case "convolution":
      let layer = GraphConvolution(
        c.features, c.out, activation: .tanh, addsSelfLoops: c.loops!)
      let parameters = [layer.weight, layer.bias!]
      return (prepared(layer, parameters), parameters)
    case "sage":
      let aggregations = ["mean": Aggregation.mean, "sum": .sum, "maximum": .maximum]
      let layer = GraphSAGE(
        c.features, c.out, aggregation: aggregations[c.aggregation!]!,
        isNormalized: c.normalized!)
      let parameters = [layer.ownWeight, layer.neighbourWeight, layer.bias!]
      return (prepared(layer, parameters), parameters)
    default:
      let layer = GraphAttention(
        c.features, c.out, heads: c.heads!, averagesHeads: c.averages!, addsSelfLoops: c.loops!)
      let parameters = [layer.weight, layer.senderScore, layer.receiverScore, layer.bias!]
      return (prepared(layer, parameters), parameters)
    }
  }

  @Test func `values and gradients are those of the papers' formulas`() throws {
    for c in Self.cases {
      let graph = DirectedGraph(nodeCount: c.nodes, edges: c.edges.map { ($0[0], $0[1]) })
      let (call, parameters) = network(c)
      let x = Parameter(2 * hashed([c.nodes, c.features], 1))
      let variables = ParameterBox(members: [x] + parameters)
      let (_, gradients, y) = valueWithGradient(of: variables) {
        let y = call(GraphStates(x.value, on: graph))
        return ((y * hashed(y.shape, 9)).sum(), y)
      }
      let tensors = [y] + variables.members.map { gradients[$0]! }
      for (index, (tensor, expected)) in zip(tensors, c.results).enumerated() {
        let seed = UInt64(10 * (index + 1))
        let found = [
          tensor.norm().item(), (tensor * hashed(tensor.shape, seed)).sum().item(),
          (tensor * hashed(tensor.shape, seed + 1)).sum().item(),
        ]
        for (a, b) in zip(found, expected) {
          #expect(
            abs(a - b) <= 1e-10 * max(1, expected[0]),
            "\(c.kind) of \(c.nodes) nodes, tensor \(index)")
        }
      }
    }
  }

  private static let graph = GraphProductTests.random(7, 16, seed: 21)

  @Test func `the laws of layers, and second derivatives`() throws {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([7, 4], using: &generator)
    let graph = Self.graph
    func verify(_ layer: some GraphLayer) throws {
      try LayerTesting.verify(layer: OnGraph(graph, layer), at: x, batchAxis: nil, order: 2)
    }
    try withRandom(seed: 4) {
      try verify(GraphConvolution(4, 3, activation: .tanh))
      try verify(GraphConvolution(4, 6, activation: .softplus))
      try verify(GraphSAGE(4, 3, aggregation: .maximum, activation: .sigmoid))
      try verify(GraphSAGE(4, 3, isNormalized: true))
      try verify(GraphAttention(4, 3, heads: 2, dropout: 0.3))
      try verify(GraphAttention(4, 3, heads: 2, averagesHeads: true, activation: .tanh))
    }
  }

  @Test func `attention weights sum to one over what arrives`() throws {
    let layer = withRandom(seed: 2) { GraphAttention(4, 3, heads: 2) }
    var generator = RandomGenerator(seed: 3)
    let x = Tensor.randomNormal([7, 4], using: &generator)
    let weights = layer.attentionWeights(x, on: Self.graph)
    try expectClose(Self.graph.withSelfLoops().arrivals.sum(weights), Tensor.ones([7, 2]))
  }

  /// A network of a batch of graphs is that of each by itself.
  @Test func `a batch of graphs`() throws {
    let graphs = (0..<4).map { GraphProductTests.random($0 + 1, 3 * $0, seed: UInt64($0)) }
    let batch = GraphBatch(graphs)
    var generator = RandomGenerator(seed: 9)
    let x = Tensor.randomNormal([10, 3], dtype: .float64, using: &generator)
    let network = withRandom(seed: 1) {
      Sequential {
        GraphConvolution(3, 8, activation: .relu)
        GraphAttention(8, 2, heads: 2)
        GraphSAGE(4, 2)
      }
    }
    network.convert(to: .float64)
    let whole = batch.nodes.mean(network(GraphStates(x, on: batch.graph)).states)
    let each = zip(graphs, batch.split(x)).map {
      network(GraphStates($1, on: $0)).states.mean(along: 0)
    }
    try expectClose(whole, stacked(each))
  }

  /// Nodes in another order give the states in that order.
  @Test func `the numbering of the nodes does not matter`() throws {
    var generator = RandomGenerator(seed: 5)
    let x = Tensor.randomNormal([7, 4], dtype: .float64, using: &generator)
    let order = Tensor.randomPermutation(7, using: &generator)
    let places = order.argsort().scalars(as: Int.self)
    let other = DirectedGraph(
      nodeCount: 7, edges: Self.graph.edges.map { (places[$0.from], places[$0.to]) })
    let layer = withRandom(seed: 2) { GraphAttention(4, 3, heads: 2) }
    layer.convert(to: .float64)
    try expectClose(
      layer(x.gathered(at: order), on: other), layer(x, on: Self.graph).gathered(at: order))
  }
}

private struct ParameterBox: Layer {
  let members: [Parameter]
  func callAsFunction(_ x: Tensor) -> Tensor { x }
}
