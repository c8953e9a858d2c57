import Attention
import Core
import LayerTesting
import Testing

@Suite struct GraphProductTests {
  static func random(_ nodes: Int, _ edges: Int, seed: UInt64) -> DirectedGraph {
    var generator = RandomGenerator(seed: seed)
    func ends() -> [Int] {
      (0..<edges).map { _ in Int.random(in: 0..<max(nodes, 1), using: &generator) }
    }
    return DirectedGraph(nodeCount: nodes, senders: ends(), receivers: ends())
  }

  @Test(arguments: [(1, 0), (1, 3), (5, 4), (9, 30), (60, 900)], [DType.float32, .float64])
  func `sums and products equal those of edges one by one`(
    _ size: (Int, Int), _ dtype: DType
  ) throws {
    let graph = Self.random(size.0, size.1, seed: UInt64(size.1))
    var generator = RandomGenerator(seed: 2)
    for (heads, features) in [(1, 1), (2, 3), (3, 16), (1, 37)] {
      func states() -> Tensor {
        .randomNormal([size.0, heads, features], dtype: dtype, using: &generator)
      }
      let (x, u) = (states(), states())
      let w = Tensor.randomNormal([size.1, heads], dtype: dtype, using: &generator)
      var sum = Tensor.zeros(x.shape, dtype: dtype)
      var products: [Tensor] = []
      for (edge, ends) in graph.edges.enumerated() {
        sum[ends.to] = sum[ends.to] + x[ends.from] * w[edge].expandingShape(at: 1)
        products.append((x[ends.from] * u[ends.to]).sum(along: 1))
      }
      try expectClose(graph.neighbourSum(x, weights: w), sum, absolute: 1e-5)
      if !products.isEmpty {
        try expectClose(
          graph.edgeProducts(senders: x, receivers: u), stacked(products), absolute: 1e-5)
      }
      try expectClose(
        graph.neighbourSum(x.flattened(from: 1)),
        matmul(graph.adjacency(dtype: dtype), x.flattened(from: 1)), absolute: 1e-5)
    }
  }

  @Test func `derivatives to the second order`() throws {
    let graph = Self.random(6, 14, seed: 8)
    var generator = RandomGenerator(seed: 3)
    let x = Tensor.randomNormal([6, 2, 3], dtype: .float64, using: &generator)
    let u = Tensor.randomNormal([6, 2, 3], dtype: .float64, using: &generator)
    let w = Tensor.randomNormal([14, 2], dtype: .float64, using: &generator)
    try checkGradients(
      of: { square(graph.neighbourSum($0[0], weights: $0[1])) }, at: [x, w], order: 2)
    try checkGradients(
      of: { square(graph.edgeProducts(senders: $0[0], receivers: $0[1])) }, at: [x, u], order: 2)
    try checkGradients(of: { exp(graph.neighbourSum($0)) }, at: x, order: 2)
    try checkGradients(
      of: { square(graph.atSenders($0)) * graph.atReceivers($0) }, at: x, order: 2)
  }

  @Test func `third derivatives of a product with itself`() throws {
    let graph = Self.random(4, 7, seed: 4)
    var generator = RandomGenerator(seed: 9)
    let x = Tensor.randomNormal([4, 1, 2], dtype: .float64, using: &generator)
    let c = Tensor.randomNormal([4, 1, 2], dtype: .float64, using: &generator)
    try checkGradients(
      of: { x in
        gradient(at: x) { x in
          let scores = graph.edgeProducts(senders: x, receivers: x)
          return (graph.neighbourSum(x, weights: scores) * c).sum()
        }
      }, at: x, order: 2)
  }

  @Test func `the dense form is the same on any graph`() throws {
    let graph = Self.random(7, 20, seed: 5).withSelfLoops()
    let simple = graph.union(graph)
    var generator = RandomGenerator(seed: 4)
    func states() -> Tensor { .randomNormal([7, 2, 3], dtype: .float64, using: &generator) }
    let (q, k, v) = (states(), states(), states())
    let dense = softmax(
      select(
        simple.mask, matmul(q.transposed(0, 1), k.permuted([1, 2, 0])) / 3.0.squareRoot(),
        Tensor.full([], -.infinity, dtype: .float64)))
    try expectClose(
      simple.attention(query: q, key: k, value: v),
      matmul(dense, v.transposed(0, 1)).transposed(0, 1))
  }
}
