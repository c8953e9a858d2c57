internal import Kernels
import Synchronization

/// One recorded operation: the nodes of its inputs, and how to turn the gradient with respect to
/// its result into gradients with respect to them.
///
/// Nodes point from results to inputs only, and no pull-back captures a tracked tensor (see
/// ``Saved``), so a graph is freed by reference counting alone as soon as its last result goes.
///
/// `@unchecked Sendable`: `inputs` changes in `deinit` only; `slot` is written and read only by
/// the backward pass that holds `owner`.
package final class Node: @unchecked Sendable {
  /// The gradients with respect to the inputs; `nil` where none was asked for or it is zero.
  package typealias Pullback =
    @Sendable (_ upstream: Tensor, _ node: Node, _ needs: Needs) -> Cotangents

  @exclusivity(unchecked) package fileprivate(set) var first: Node?
  @exclusivity(unchecked) package fileprivate(set) var second: Node?
  @exclusivity(unchecked) package fileprivate(set) var rest: [Node?]
  /// `nil` at a leaf.
  let pullback: Pullback?

  /// The backward pass that has numbered this node, or 0.
  let owner = Atomic<UInt>(0)
  @exclusivity(unchecked) var slot = 0

  @inline(__always)
  init(_ first: Node?, _ second: Node? = nil, rest: [Node?] = [], pullback: Pullback?) {
    self.first = first
    self.second = second
    self.rest = rest
    self.pullback = pullback
  }

  @inline(__always)
  var inputCount: Int { rest.isEmpty ? 2 : 2 + rest.count }

  @inline(__always)
  package func input(_ index: Int) -> Node? {
    switch index {
    case 0: first
    case 1: second
    default: rest[index - 2]
    }
  }

  deinit {
    // Without this, a chain of a million operations would free itself by recursion and exhaust the
    // stack: a child that only this node holds gives up its own inputs before it goes.
    guard first?.hasInputs == true || second?.hasInputs == true || !rest.isEmpty else { return }
    var pending: [Node] = []
    func take(_ child: inout Node?) {
      guard child != nil else { return }
      if isKnownUniquelyReferenced(&child), let owned = child { pending.append(owned) }
      child = nil
    }
    take(&first)
    take(&second)
    for index in rest.indices { take(&rest[index]) }
    while let node = pending.popLast() {
      take(&node.first)
      take(&node.second)
      for index in node.rest.indices { take(&node.rest[index]) }
    }
  }

  private var hasInputs: Bool { first != nil || second != nil || !rest.isEmpty }
}

/// Which inputs of an operation want a gradient.
package struct Needs: Sendable {
  var bits: UInt64

  @inline(__always)
  package subscript(index: Int) -> Bool { bits & (1 << UInt64(min(index, 63))) != 0 }
}

/// Gradients with respect to the inputs of one operation.
package struct Cotangents {
  var first: Tensor?
  var second: Tensor?
  var rest: [Tensor?] = []

  @inline(__always)
  package init(_ first: Tensor?, _ second: Tensor? = nil, rest: [Tensor?] = []) {
    self.first = first
    self.second = second
    self.rest = rest
  }
}

/// A tensor that a pull-back keeps.
///
/// It keeps the data without the history: a pull-back that held its own result would be a cycle,
/// and one that held its inputs' nodes would free long chains by recursion. The history is put back
/// when the pull-back runs, from the node at hand.
package struct Saved: Sendable {
  private let data: Tensor

  @inline(__always)
  package init(_ tensor: Tensor) { data = tensor.detached }

  /// The tensor as it was, history included.
  @inline(__always)
  package func restored(_ node: Node?) -> Tensor {
    var result = data
    result.node = node
    return result
  }

  package var shape: Shape { data.shape }
  package var dtype: DType { data.dtype }
}

// MARK: - Recording

/// Whether operations on this thread record their derivatives now.
@inline(__always)
package func isRecording() -> Bool { apus_thread_context().pointee.recording > 0 }

extension Tensor {
  /// This value as a constant: no gradient flows through it.
  @inline(__always)
  package var detached: Tensor {
    var result = self
    result.node = nil
    return result
  }

  /// Whether an operation on this tensor has to record.
  @inline(__always)
  package var isTracked: Bool { node != nil && isRecording() }

  /// This result of an operation on `input`, with its derivative recorded if that is tracked.
  ///
  /// The pull-back must not capture tracked tensors: wrap them in ``Saved`` and restore those that
  /// are inputs with `node.first`, the result itself with `node`.
  @inline(__always)
  package func recorded(
    from input: Tensor,
    pullback: @escaping @Sendable (_ upstream: Tensor, _ node: Node) -> Tensor
  ) -> Tensor {
    guard input.isTracked else { return self }
    var result = self
    result.node = Node(input.node) { upstream, node, _ in Cotangents(pullback(upstream, node)) }
    return result
  }

  /// This result of an operation on two inputs, with its derivative recorded if one is tracked.
  @inline(__always)
  package func recorded(from first: Tensor, _ second: Tensor, pullback: @escaping Node.Pullback)
    -> Tensor
  {
    guard (first.node != nil || second.node != nil) && isRecording() else { return self }
    var result = self
    result.node = Node(first.node, second.node, pullback: pullback)
    return result
  }

  /// This result of an operation on many inputs, with its derivative recorded if one is tracked.
  package func recorded(from inputs: [Tensor], pullback: @escaping Node.Pullback) -> Tensor {
    guard isRecording(), inputs.contains(where: { $0.node != nil }) else { return self }
    var result = self
    let nodes = inputs.map { $0.node }
    result.node = Node(
      nodes[0], nodes.count > 1 ? nodes[1] : nil, rest: Array(nodes.dropFirst(2)),
      pullback: pullback)
    return result
  }
}
