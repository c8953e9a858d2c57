internal import Kernels
import Synchronization

/// One walk from results back to the tensors differentiated with respect to.
///
/// The walk first numbers, by an explicit depth-first stack, the nodes between the results and the
/// targets; the order in which it leaves them, reversed, visits every node after all that depend on
/// it. Then it goes once through that order and adds up gradients. Targets are stops: their own
/// history belongs to an outer derivative.
///
/// A node's number is kept in the node itself while it is unclaimed. Two passes that meet at a node
/// (two tasks that differentiate one model) do not disturb each other: the second keeps its number
/// in a dictionary of its own.
struct BackwardPass {
  private struct Entry {
    let node: Node
    var isNeeded: Bool
    var gradient: Tensor?
    /// What look-ups add to the gradient, where the caller takes it by rows.
    var terms: [RowTerms] = []
  }

  private var entries: ContiguousArray<Entry> = []
  private var order: ContiguousArray<Int> = []
  private var contested: [ObjectIdentifier: Int] = [:]
  private var takesRows = false
  /// Stands for this pass in the nodes that it has claimed.
  private let identity = Identity()

  private final class Identity {
    var bits: UInt { UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque()) }
  }

  /// The gradients of Σ ⟨upstreamᵢ, resultᵢ⟩ with respect to the targets; `nil` where a target takes
  /// no part in the results.
  static func gradients(
    of results: [(tensor: Tensor, upstream: Tensor)], at targets: [Node]
  ) -> [Tensor?] {
    var pass = BackwardPass(targets: targets)
    defer { pass.release() }
    pass.run(from: results)
    return targets.map { node in pass.slot(of: node).flatMap { pass.entries[$0].gradient } }
  }

  /// The same, but a target that was only looked up in has a gradient of a few rows.
  static func parameterGradients(
    of results: [(tensor: Tensor, upstream: Tensor)], at targets: [Node]
  ) -> [ParameterGradient?] {
    var pass = BackwardPass(targets: targets)
    pass.takesRows = true
    defer { pass.release() }
    pass.run(from: results)
    return targets.map { node in
      guard let slot = pass.slot(of: node) else { return nil }
      let entry = pass.entries[slot]
      if entry.terms.isEmpty { return entry.gradient.map { .dense($0) } }
      let rows = RowGradient(summing: entry.terms)
      return entry.gradient.map { .dense($0 + rows.dense) } ?? .rows(rows)
    }
  }

  private mutating func run(from results: [(tensor: Tensor, upstream: Tensor)]) {
    for (tensor, _) in results {
      if let node = tensor.node { discover(node) }
    }
    for (tensor, upstream) in results {
      if let node = tensor.node, let slot = slot(of: node) { add(upstream, to: slot) }
    }
    propagate()
  }

  private init(targets: [Node]) {
    entries.reserveCapacity(targets.count + 64)
    order.reserveCapacity(64)
    for node in targets where slot(of: node) == nil { enter(node, isNeeded: true) }
  }

  // MARK: Numbering

  @inline(__always)
  private func slot(of node: Node) -> Int? {
    if node.owner.load(ordering: .relaxed) == identity.bits { return node.slot }
    return contested.isEmpty ? nil : contested[ObjectIdentifier(node)]
  }

  @discardableResult
  @inline(__always)
  private mutating func enter(_ node: Node, isNeeded: Bool) -> Int {
    let slot = entries.count
    entries.append(Entry(node: node, isNeeded: isNeeded, gradient: nil))
    let claimed = node.owner.compareExchange(
      expected: 0, desired: identity.bits, ordering: .acquiring)
    if claimed.exchanged {
      node.slot = slot
    } else {
      contested[ObjectIdentifier(node)] = slot
    }
    return slot
  }

  private func release() {
    for entry in entries where entry.node.owner.load(ordering: .relaxed) == identity.bits {
      entry.node.owner.store(0, ordering: .releasing)
    }
  }

  /// Numbers everything below `root` and marks what leads to a target.
  private mutating func discover(_ root: Node) {
    guard slot(of: root) == nil else { return }
    var stack: ContiguousArray<(slot: Int, next: Int)> = []
    stack.reserveCapacity(64)
    stack.append((enter(root, isNeeded: false), 0))
    while let (slot, next) = stack.last {
      let node = entries[slot].node
      if next < node.inputCount {
        stack[stack.count - 1].next += 1
        guard let input = node.input(next) else { continue }
        if let known = self.slot(of: input) {
          if entries[known].isNeeded { entries[slot].isNeeded = true }
        } else {
          stack.append((enter(input, isNeeded: false), 0))
        }
      } else {
        stack.removeLast()
        guard entries[slot].isNeeded else { continue }
        order.append(slot)
        if let parent = stack.last { entries[parent.slot].isNeeded = true }
      }
    }
  }

  // MARK: Propagating

  private mutating func propagate() {
    for slot in order.reversed() {
      guard let upstream = entries[slot].gradient else { continue }
      entries[slot].gradient = nil
      let node = entries[slot].node
      guard let pullback = node.pullback else { continue }
      var needs = Needs(bits: 0)
      for index in 0..<node.inputCount {
        if let input = node.input(index), let slot = self.slot(of: input), entries[slot].isNeeded {
          needs.insert(index)
        }
      }
      let cotangents = pullback(upstream, node, needs)
      if let gradient = cotangents.first, let input = node.first { add(gradient, to: input) }
      if let gradient = cotangents.second, let input = node.second { add(gradient, to: input) }
      if let gradient = cotangents.third, let input = node.third { add(gradient, to: input) }
      if let rows = cotangents.rows, let input = node.first { add(rows, to: input) }
      guard let rest = cotangents.rest else { continue }
      for (index, gradient) in rest.enumerated() {
        if let gradient, let input = node.input(3 + index) { add(gradient, to: input) }
      }
    }
  }

  @inline(__always)
  private mutating func add(_ gradient: Tensor, to node: Node) {
    if let slot = slot(of: node), entries[slot].isNeeded { add(gradient, to: slot) }
  }

  private mutating func add(_ rows: RowTerms, to node: Node) {
    guard let slot = slot(of: node), entries[slot].isNeeded else { return }
    if takesRows, node.pullback == nil {
      entries[slot].terms.append(rows)
    } else {
      add(rows.dense, to: slot)
    }
  }

  @inline(__always)
  private mutating func add(_ gradient: Tensor, to slot: Int) {
    guard entries[slot].gradient != nil else {
      entries[slot].gradient = gradient
      return
    }
    entries[slot].gradient!.accumulate(gradient)
  }
}

extension Needs {
  mutating func insert(_ index: Int) { bits |= 1 << UInt64(min(index, 63)) }
}

extension Tensor {
  /// Adds `other` to this gradient, in place where nobody else sees it and nothing is recorded.
  fileprivate mutating func accumulate(_ other: Tensor) {
    guard
      !isTracked, !other.isTracked, dtype.isFloating, dtype == other.dtype,
      shape == other.shape, ownsDenseMemory()
    else {
      self = self + other
      return
    }
    if other.layout.isDense {
      apus_add_scaled(dtype.kernel, count, 1, other.pointer, pointer)
    } else {
      layout.shape.extents.withPointer { shape in
        other.layout.strides.withPointer { source in
          layout.strides.withPointer { target in
            apus_accumulate(
              dtype.kernel, Int32(rank), shape, other.pointer, source, pointer, target)
          }
        }
      }
    }
    extendLifetime(other.storage)
  }
}
