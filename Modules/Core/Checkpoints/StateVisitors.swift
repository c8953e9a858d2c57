/// Reads every part.
struct StateCollector: StateVisitor {
  private(set) var found: [(name: String, tensor: Tensor)] = []

  mutating func visit(_ name: String, _ tensor: inout Tensor?) {
    if let tensor { found.append((name, tensor.detached)) }
  }

  mutating func visit(_ name: String, list: inout Tensor) { found.append((name, list.detached)) }

  mutating func visit(
    _ name: String, _ tensor: Tensor, replacing replace: @escaping (Tensor) -> Void
  ) {
    found.append((name, tensor.detached))
  }
}

/// Replaces every part, and notes what does not fit.
struct StateRestorer: StateVisitor {
  let tensors: [String: Tensor]
  private var seen: Set<String> = []
  private var mismatch = StateMismatch()
  /// What changes outside of the value that is visited.
  private var replacements: [() -> Void] = []

  init(tensors: [String: Tensor]) { self.tensors = tensors }

  mutating func visit(_ name: String, _ tensor: inout Tensor?) {
    if tensor == nil, tensors[name] == nil { return }
    if let stored = stored(name, like: tensor, isList: false) { tensor = stored }
  }

  mutating func visit(_ name: String, list: inout Tensor) {
    if let stored = stored(name, like: list, isList: true) { list = stored }
  }

  mutating func visit(
    _ name: String, _ tensor: Tensor, replacing replace: @escaping (Tensor) -> Void
  ) {
    guard let stored = stored(name, like: tensor, isList: false) else { return }
    replacements.append { replace(stored) }
  }

  /// Carries out what was put off, if all parts fit.
  mutating func finish() throws(StateMismatch) {
    mismatch.unexpected = tensors.keys.filter { !seen.contains($0) }.sorted()
    guard mismatch.isEmpty else { throw mismatch }
    for replace in replacements { replace() }
  }

  /// What was stored under a name, if it fits.
  private mutating func stored(_ name: String, like tensor: Tensor?, isList: Bool) -> Tensor? {
    seen.insert(name)
    guard let stored = tensors[name] else {
      mismatch.missing.append(name)
      return nil
    }
    guard let tensor else { return stored }
    let isMatch =
      isList
      ? stored.rank == tensor.rank
        && stored.shape.dropFirst().elementsEqual(tensor.shape.dropFirst())
      : stored.shape == tensor.shape
    guard isMatch, stored.dtype == tensor.dtype else {
      mismatch.misshapen.append(
        .init(
          name: name, expectedShape: tensor.shape, expectedType: tensor.dtype,
          foundShape: stored.shape, foundType: stored.dtype))
      return nil
    }
    return stored
  }
}
