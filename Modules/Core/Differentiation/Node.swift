internal import Kernels
import Synchronization

/// One recorded operation: the nodes of its inputs, and how to turn the gradient with respect to
/// its result into gradients with respect to them.
///
/// Nodes point from results to inputs only, and no pull-back captures a tracked tensor (see
/// ``Saved``), so a graph is freed by reference counting alone as soon as its last result goes.
///
/// `@unchecked Sendable`: the inputs change in `deinit` only; `slot` is written and read only by
/// the backward pass that holds `owner`.
package final class Node: @unchecked Sendable {
  /// The gradients with respect to the inputs; `nil` where none was asked for or it is zero.
  package typealias Pullback =
    @Sendable (_ upstream: Tensor, _ node: Node, _ needs: Needs) -> Cotangents

  @exclusivity(unchecked) package fileprivate(set) var first: Node?
  @exclusivity(unchecked) package fileprivate(set) var second: Node?
  @exclusivity(unchecked) package fileprivate(set) var third: Node?
  /// The inputs after the third, if there are any: most operations have none, and pay nothing.
  @exclusivity(unchecked) private var rest: [Node?]?
  /// `nil` at a leaf.
  let pullback: Pullback?

  /// The backward pass that has numbered this node, or 0.
  let owner = Atomic<UInt>(0)
  @exclusivity(unchecked) var slot = 0

  @inline(__always)
  init(
    _ first: Node?, _ second: Node? = nil, _ third: Node? = nil, pullback: Pullback?
  ) {
    self.first = first
    self.second = second
    self.third = third
    self.pullback = pullback
  }

  /// A node of any number of inputs.
  init(inputs: [Node?], pullback: @escaping Pullback) {
    if inputs.count > 0 { first = inputs[0] }
    if inputs.count > 1 { second = inputs[1] }
    if inputs.count > 2 { third = inputs[2] }
    if inputs.count > 3 { rest = Array(inputs.dropFirst(3)) }
    self.pullback = pullback
  }

  @inline(__always)
  var inputCount: Int { 3 + (rest?.count ?? 0) }

  @inline(__always)
  package func input(_ index: Int) -> Node? {
    switch index {
    case 0: first
    case 1: second
    case 2: third
    default: rest.unsafelyUnwrapped[index - 3]
    }
  }

  deinit {
    // Without this, a chain of a million operations would free itself by recursion and exhaust the
    // stack: a child that only this node holds gives up its own inputs before it goes.
    let isShallow =
      first?.hasInputs != true && second?.hasInputs != true && third?.hasInputs != true
    if isShallow && rest == nil { return }
    var pending: [Node] = []
    releaseInputs(into: &pending)
    while let node = pending.popLast() { node.releaseInputs(into: &pending) }
  }

  private var hasInputs: Bool { first != nil || second != nil || third != nil || rest != nil }

  /// Lets go of the inputs, handing on those that nobody else holds.
  private func releaseInputs(into pending: inout [Node]) {
    func release(_ child: inout Node?) {
      guard child != nil else { return }
      if isKnownUniquelyReferenced(&child), let owned = child { pending.append(owned) }
      child = nil
    }
    release(&first)
    release(&second)
    release(&third)
    guard var others = rest else { return }
    rest = nil
    for index in others.indices { release(&others[index]) }
  }
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
  package var third: Tensor?
  /// Those after the third, if there are any.
  var rest: [Tensor?]?
  /// In place of the first: a few rows of it.
  var rows: RowTerms?

  @inline(__always)
  package init(rows: RowTerms) { self.rows = rows }

  @inline(__always)
  package init(_ first: Tensor?, _ second: Tensor? = nil, _ third: Tensor? = nil) {
    self.first = first
    self.second = second
    self.third = third
  }

  /// One for each of any number of inputs.
  package init(all gradients: [Tensor?]) {
    if gradients.count > 0 { first = gradients[0] }
    if gradients.count > 1 { second = gradients[1] }
    if gradients.count > 2 { third = gradients[2] }
    if gradients.count > 3 { rest = Array(gradients.dropFirst(3)) }
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

/// Whether this thread looks at each result for numbers that are not finite.
@inline(__always)
package func isWatched() -> Bool { apus_is_watched() }

extension Tensor {
  /// This value as a constant: no gradient flows through it.
  @inline(__always)
  package var detached: Tensor {
    var result = self
    result.node = nil
    return result
  }

  /// Whether an operation on this tensor has to record, or to show its result to a watch.
  @inline(__always)
  package var isTracked: Bool { (node != nil && isRecording()) || isWatched() }

  /// This result of an operation on `input`, with its derivative recorded if that is tracked.
  ///
  /// The pull-back must not capture tracked tensors: wrap them in ``Saved`` and restore those that
  /// are inputs with `node.first`, the result itself with `node`.
  ///
  /// - Parameter operation: What a watch calls it.
  @inline(__always)
  package func recorded(
    from input: Tensor, as operation: StaticString = #function,
    pullback: @escaping @Sendable (_ upstream: Tensor, _ node: Node) -> Tensor
  ) -> Tensor {
    guard input.isTracked else { return self }
    if isWatched() {
      return watched(operation, [input]) { upstream, node, _ in
        Cotangents(pullback(upstream, node))
      }
    }
    var result = self
    result.node = Node(input.node) { upstream, node, _ in Cotangents(pullback(upstream, node)) }
    return result
  }

  /// This result of an operation on two inputs, with its derivative recorded if one is tracked.
  @inline(__always)
  package func recorded(
    from first: Tensor, _ second: Tensor, as operation: StaticString = #function,
    pullback: @escaping Node.Pullback
  ) -> Tensor {
    if isWatched() { return watched(operation, [first, second], pullback) }
    guard (first.node != nil || second.node != nil) && isRecording() else { return self }
    var result = self
    result.node = Node(first.node, second.node, pullback: pullback)
    return result
  }

  /// This result of an operation on up to three inputs, with its derivative recorded if one is
  /// tracked.
  @inline(__always)
  package func recorded(
    from first: Tensor, _ second: Tensor?, _ third: Tensor?,
    as operation: StaticString = #function, pullback: @escaping Node.Pullback
  ) -> Tensor {
    if isWatched() { return watched(operation, [first, second, third], pullback) }
    guard isRecording(), first.node != nil || second?.node != nil || third?.node != nil else {
      return self
    }
    var result = self
    result.node = Node(first.node, second?.node, third?.node, pullback: pullback)
    return result
  }

  /// This result of an operation on many inputs, with its derivative recorded if one is tracked.
  package func recorded(
    from inputs: [Tensor], as operation: StaticString = #function,
    pullback: @escaping Node.Pullback
  ) -> Tensor {
    if isWatched() { return watched(operation, inputs, pullback) }
    guard isRecording(), inputs.contains(where: { $0.node != nil }) else { return self }
    var result = self
    result.node = Node(inputs: inputs.map { $0.node }, pullback: pullback)
    return result
  }
}
