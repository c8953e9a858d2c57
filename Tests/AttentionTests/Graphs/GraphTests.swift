import Attention
import Core
import Testing

@Suite struct GraphTests {
  /// 2, 3 and 4 send to 1, as far as course document 004's figure 2 is known; nodes from 0.
  static let star = DirectedGraph(nodeCount: 4, edges: [(1, 0), (2, 0), (3, 0)])

  @Test func `edges are kept by receiver, and say where they come from`() {
    let graph = DirectedGraph(nodeCount: 3, edges: [(0, 2), (2, 0), (1, 2), (1, 0), (0, 2)])
    #expect(graph.edges.map { [$0.from, $0.to] } == [[2, 0], [1, 0], [0, 2], [1, 2], [0, 2]])
    #expect(graph.order.scalars(as: Int.self) == [1, 3, 0, 2, 4])
    #expect(graph.inDegrees.scalars(as: Int.self) == [2, 0, 3])
    #expect(graph.outDegrees.scalars(as: Int.self) == [2, 2, 1])
    #expect(graph.neighbours(of: 2) == [0, 1, 0])
    #expect(graph.neighbours(of: 1) == [])
  }

  @Test func `the adjacency matrix makes the graph again`() {
    var generator = RandomGenerator(seed: 3)
    let matrix = Tensor.randomBernoulli([9, 9], probability: 0.3, using: &generator)
      .cast(to: .float32)
    let graph = DirectedGraph(adjacency: matrix)
    #expect(graph.adjacency() == matrix)
    #expect(graph.mask == (matrix .> 0))
    #expect(graph.reversed().adjacency() == matrix.transposed().contiguous())
    #expect(DirectedGraph(adjacency: graph.adjacency()) == graph)
    let both = graph.symmetrized().adjacency()
    #expect(both == maximum(matrix, matrix.transposed()))
  }

  @Test func `parallel edges count in the adjacency`() {
    let graph = DirectedGraph(nodeCount: 2, edges: [(0, 1), (0, 1), (1, 1)])
    #expect(graph.adjacency() == Tensor([[0, 0], [2, 1]]))
  }

  @Test func `self-loops are added where there are none, once`() {
    let graph = DirectedGraph(nodeCount: 3, edges: [(0, 1), (1, 1)])
    let looped = graph.withSelfLoops()
    #expect(looped.adjacency() == Tensor([[1, 0, 0], [1, 1, 0], [0, 0, 1]]))
    #expect(looped.withSelfLoops() == looped)
    #expect(graph.edgeCount == 2)
  }

  @Test(arguments: [0, 1, 2, 5, 12]) func `shapes of graphs`(_ n: Int) {
    #expect(DirectedGraph.complete(n).edgeCount == n * n)
    #expect(DirectedGraph.complete(n, selfLoops: false).edgeCount == n * max(n - 1, 0))
    #expect(DirectedGraph.complete(n, selfLoops: false).withSelfLoops().edgeCount == n * n)
    #expect(DirectedGraph.causal(n).edgeCount == n * (n + 1) / 2)
    #expect(DirectedGraph.window(n, radius: n) == DirectedGraph.complete(n))
    #expect(DirectedGraph.strided(n, stride: 1) == DirectedGraph.complete(n))
    for (i, j) in DirectedGraph.window(n, radius: 2).edges { #expect(abs(i - j) <= 2) }
    for (i, j) in DirectedGraph.strided(n, stride: 3).edges { #expect((i - j) % 3 == 0) }
  }

  @Test func `distances are those of breadth-first search`() {
    #expect(Self.star.distances(from: 1) == [1, 0, nil, nil])
    #expect(Self.star.diameter == nil)
    #expect(DirectedGraph.complete(6).diameter == 1)
    #expect(DirectedGraph.window(13, radius: 3).diameter == 4)
    let sparse = DirectedGraph.window(64, radius: 8).union(.strided(64, stride: 8))
    #expect(sparse.diameter == 2)
    #expect(DirectedGraph.window(1, radius: 0).diameter == 0)
  }

  @Test func `a batch is its graphs side by side`() throws {
    let graphs = [DirectedGraph.complete(3), DirectedGraph(nodeCount: 0, edges: []), Self.star]
    let batch = GraphBatch(graphs)
    #expect(batch.count == 3 && batch.graph.nodeCount == 7)
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([7, 2], dtype: .float64, using: &generator)
    let parts = zip(graphs, batch.split(x)).map { $0.neighbourSum($1) }
    #expect(batch.graph.neighbourSum(x) == concatenated(parts))
    #expect(batch.nodes.sum(x)[1] == Tensor.zeros([2], dtype: .float64))
  }

  @Test func `edges out of range trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = DirectedGraph(nodeCount: 2, edges: [(0, 2)])
    }
    await #expect(processExitsWith: .failure) {
      _ = DirectedGraph(nodeCount: 2, edges: []).neighbourSum(Tensor([1, 2, 3]))
    }
  }
}
