import Core
import Synchronization

/// A directed graph in compressed form: for each node the edges that arrive, one after the other.
///
/// ```swift
/// let graph = DirectedGraph(nodeCount: 4, edges: [(1, 0), (2, 0), (3, 0)])
/// graph.neighbours(of: 0)                            // [1, 2, 3]
/// ```
///
/// G = {V, E} with 𝒩(vᵢ) the nodes that have an edge *to* vᵢ (course document 004, question 2).
/// Nodes are numbered from 0. Edges are kept in the order of their receivers, and of the given list
/// where those are the same; ``order`` says where each comes from, so that attributes can follow:
/// `attributes.gathered(at: graph.order)`. Parallel edges and self-loops are allowed.
///
/// - Complexity: Memory and making it are linear in nodes and edges. Copies share memory.
public struct DirectedGraph: Sendable {
  let content: Content

  /// - Parameters:
  ///   - nodeCount: The number of nodes.
  ///   - senders: The node that each edge leaves.
  ///   - receivers: The node that each edge arrives at.
  public init(nodeCount: Int, senders: [Int], receivers: [Int]) {
    require(nodeCount >= 0, "DirectedGraph: \(nodeCount) nodes")
    require(
      senders.count == receivers.count,
      "DirectedGraph: \(senders.count) senders and \(receivers.count) receivers")
    for (edge, (from, to)) in zip(senders, receivers).enumerated()
    where from < 0 || from >= nodeCount || to < 0 || to >= nodeCount {
      trap("DirectedGraph: edge \(edge) goes from \(from) to \(to), of \(nodeCount) nodes")
    }
    content = Content(nodeCount, senders, receivers)
  }

  /// A graph from a list of edges.
  public init(nodeCount: Int, edges: [(from: Int, to: Int)]) {
    self.init(nodeCount: nodeCount, senders: edges.map(\.from), receivers: edges.map(\.to))
  }

  /// The number of nodes, |V|.
  public var nodeCount: Int { content.nodeCount }
  /// The number of edges, |E|; one that goes both ways counts as two.
  public var edgeCount: Int { content.arrivals.rowCount }
  /// The edges that arrive at each node, as runs of the edges.
  public var arrivals: Segments { content.arrivals }
  /// The node that each edge leaves: `int64`, [edges].
  public var senders: Tensor { content.senders }
  /// The node that each edge arrives at: `int64`, [edges], ascending.
  public var receivers: Tensor { content.arrivals.owners }
  /// The place of each edge in the list that the graph was made from: `int64`, [edges].
  public var order: Tensor { content.order }

  /// The edges, in order.
  public var edges: [(from: Int, to: Int)] {
    zip(senders.scalars(as: Int.self), receivers.scalars(as: Int.self)).map { ($0, $1) }
  }

  /// How many edges arrive at each node: `int64`, [nodes].
  public var inDegrees: Tensor { content.arrivals.lengths }
  /// How many edges leave each node: `int64`, [nodes].
  public var outDegrees: Tensor { content.departures.lengths }

  /// 𝒩(vᵢ): the nodes with an edge to node i, in order.
  public func neighbours(of node: Int) -> [Int] {
    require(
      0..<nodeCount ~= node, "DirectedGraph: no node \(node) in a graph of \(nodeCount)")
    let offsets = content.arrivals.offsets
    let (from, to) = (Int(offsets[node].item()), Int(offsets[node + 1].item()))
    return senders[from..<to].scalars(as: Int.self)
  }

  /// All that a graph is: constants, and what was computed from them once.
  final class Content: Sendable {
    let nodeCount: Int
    let arrivals: Segments
    let senders, order: Tensor
    /// The edges that leave each node: runs of ``departing``.
    let departures: Segments
    /// The edges in the order of their senders.
    let departing: Tensor
    /// The receiver of each of ``departing``.
    let departingReceivers: Tensor
    let memory = Mutex(Memory())

    struct Memory: Sendable {
      var withSelfLoops: DirectedGraph?
      var symmetricWeights: Tensor?
    }

    init(_ nodeCount: Int, _ senders: [Int], _ receivers: [Int]) {
      self.nodeCount = nodeCount
      let order = stableOrder(of: receivers, below: nodeCount)
      let sorted = order.positions.map { senders[$0] }
      arrivals = Segments(lengths: order.counts)
      self.order = Tensor(scalars: order.positions, shape: [order.positions.count])
      self.senders = Tensor(scalars: sorted, shape: [sorted.count])
      let leaving = stableOrder(of: sorted, below: nodeCount)
      departures = Segments(lengths: leaving.counts)
      departing = Tensor(scalars: leaving.positions, shape: [sorted.count])
      departingReceivers = arrivals.owners.gathered(at: departing)
    }
  }
}

/// Positions sorted by their keys, and how many there are of each key; by counting, in linear time.
private func stableOrder(of keys: [Int], below bound: Int) -> (positions: [Int], counts: [Int]) {
  var counts = [Int](repeating: 0, count: bound)
  for key in keys { counts[key] += 1 }
  var next = [Int](repeating: 0, count: bound)
  for key in 0..<max(bound - 1, 0) { next[key + 1] = next[key] + counts[key] }
  var positions = [Int](repeating: 0, count: keys.count)
  for (position, key) in keys.enumerated() {
    positions[next[key]] = position
    next[key] += 1
  }
  return (positions, counts)
}

extension DirectedGraph: Equatable {
  /// The same nodes with the same edges, in the same order.
  public static func == (lhs: DirectedGraph, rhs: DirectedGraph) -> Bool {
    lhs.content === rhs.content
      || lhs.nodeCount == rhs.nodeCount && lhs.arrivals.offsets == rhs.arrivals.offsets
        && lhs.senders == rhs.senders
  }
}

extension DirectedGraph: ReflectedChildren {
  /// A graph has no parameters: a model that holds one need not be searched again at each step.
  public var reflectedChildren: [(name: String, value: Any)] { [] }
}
