extension Optimizing {
  /// All that is remembered, by name: `iteration`, and for each parameter the parts of the rule's
  /// memory, such as `hidden.weight.first`. Together with the parameters and the rule's settings it
  /// determines how the training goes on.
  ///
  /// The rule's memory must be an ``OptimizerState`` or `Void`; anything else traps.
  public var stateTensors: [(name: String, tensor: Tensor)] {
    var copy = self
    var collector = Collector()
    copy.visitStates(by: &collector)
    return collector.found
  }

  /// Takes back what ``stateTensors`` gave. Nothing changes unless everything fits.
  ///
  /// - Throws: ``OptimizerStateMismatch`` with every name that is missing, unexpected or of another
  ///   shape or type.
  public mutating func restore(
    _ tensors: [String: Tensor]
  ) throws(OptimizerStateMismatch) {
    var copy = self
    var restorer = Restorer(tensors: tensors)
    copy.visitStates(by: &restorer)
    restorer.mismatch.unexpected = tensors.keys.filter { !restorer.seen.contains($0) }.sorted()
    guard restorer.mismatch.isEmpty else { throw restorer.mismatch }
    self = copy
  }

  private mutating func visitStates(by visitor: inout some OptimizerStateVisitor) {
    visitor.visit("iteration", &iteration)
    for (index, position) in trained.enumerated() {
      visitor.visit(list.entries[position].name, within: &states[index])
    }
  }
}

/// How a memory that is read back differs from the rule's.
public struct OptimizerStateMismatch: Error, CustomStringConvertible, Sendable {
  public var missing: [String] = []
  public var unexpected: [String] = []
  /// With what was expected and what was found.
  public var misshapen: [String] = []

  var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

  public var description: String {
    let parts = [("missing", missing), ("unexpected", unexpected), ("misshapen", misshapen)]
    return "the optimizer's state does not fit: "
      + parts.filter { !$1.isEmpty }.map { "\($0): \($1.joined(separator: ", "))" }
      .joined(separator: "; ")
  }
}

private struct Collector: OptimizerStateVisitor {
  var found: [(name: String, tensor: Tensor)] = []

  mutating func visit(_ name: String, _ tensor: inout Tensor?) {
    if let tensor { found.append((name, tensor)) }
  }
}

private struct Restorer: OptimizerStateVisitor {
  let tensors: [String: Tensor]
  var seen: Set<String> = []
  var mismatch = OptimizerStateMismatch()

  mutating func visit(_ name: String, _ tensor: inout Tensor?) {
    seen.insert(name)
    guard let stored = tensors[name] else {
      if tensor != nil { mismatch.missing.append(name) }
      return
    }
    if let tensor, tensor.shape != stored.shape || tensor.dtype != stored.dtype {
      mismatch.misshapen.append(
        "\(name) (\(tensor.dtype) \(tensor.shape), found \(stored.dtype) \(stored.shape))")
      return
    }
    tensor = stored
  }
}
