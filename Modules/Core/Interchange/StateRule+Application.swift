/// What stands in the way of a rule.
struct StateRuleFailure: Error {
  let tensor: String
  let expected: String
  let found: String
}

typealias NamedTensors = [(name: String, tensor: Tensor)]

extension StateFile {
  /// The file with other names, and with tensors cut and joined, as rules say.
  ///
  /// - Throws: `untranslatable` where a tensor does not fit its rule, or where two get one name.
  public func applying(_ rules: [StateRule]) throws(StateFileError) -> StateFile {
    try applying(rules, path: "the tensors")
  }

  /// The file as it was before rules were applied, but for what they ignored.
  public func reverting(_ rules: [StateRule]) throws(StateFileError) -> StateFile {
    try applying(rules.reversed().compactMap(\.inverse))
  }

  func applying(_ rules: [StateRule], path: String) throws(StateFileError) -> StateFile {
    do throws(StateRuleFailure) {
      var tensors: NamedTensors = tensors
      for rule in rules { tensors = try rule.applied(to: tensors) }
      var names: Set<String> = []
      for (name, _) in tensors where !names.insert(name).inserted {
        throw StateRuleFailure(
          tensor: name, expected: "a name of its own", found: "two of this name")
      }
      return StateFile(tensors: tensors, metadata: metadata)
    } catch {
      throw .untranslatable(
        path: path, tensor: error.tensor, expected: error.expected, found: error.found)
    }
  }
}

extension StateRule {
  fileprivate func applied(to tensors: NamedTensors) throws(StateRuleFailure) -> NamedTensors {
    switch action {
    case .rename(let theirs, let ours):
      return tensors.map { name, tensor in (theirs.match(name).map(ours.name) ?? name, tensor) }
    case .translate(let names):
      return tensors.map { name, tensor in (names[name] ?? name, tensor) }
    case .ignore(let theirs):
      return tensors.filter { theirs.match($0.name) == nil }
    case .transpose(let pattern):
      return tensors.map { name, tensor in
        (name, pattern.match(name) != nil && tensor.rank > 1 ? tensor.transposed() : tensor)
      }
    case .split(let whole, let parts, let axis, let extents):
      var result: NamedTensors = []
      for (name, tensor) in tensors {
        guard let match = whole.match(name) else {
          result.append((name, tensor))
          continue
        }
        let pieces = try cut(tensor, name, parts.count, axis, extents)
        for (part, piece) in zip(parts, pieces) { result.append((part.name(match), piece)) }
      }
      return result
    case .join(let parts, let whole, let axis, let extents):
      return try joined(tensors, parts, whole, axis, extents)
    }
  }

  private func cut(
    _ tensor: Tensor, _ name: String, _ count: Int, _ axis: Int, _ extents: [Int]?
  ) throws(StateRuleFailure) -> [Tensor] {
    func failure(_ expected: String) -> StateRuleFailure {
      StateRuleFailure(tensor: name, expected: expected, found: "the shape \(tensor.shape)")
    }
    guard axis < tensor.rank else { throw failure("an axis \(axis)") }
    let extent = tensor.shape[axis]
    guard extents.map({ $0.reduce(0, +) == extent }) ?? (extent % count == 0) else {
      throw failure(
        "an axis \(axis) "
          + (extents.map { "of extents \($0)" } ?? "that \(count) equal parts fill"))
    }
    var start = 0
    return (extents ?? Array(repeating: extent / count, count: count)).map { extent in
      defer { start += extent }
      return tensor.narrowed(axis, from: start, count: extent)
    }
  }

  private func joined(
    _ tensors: NamedTensors, _ parts: [NamePattern], _ whole: NamePattern, _ axis: Int,
    _ extents: [Int]?
  ) throws(StateRuleFailure) -> NamedTensors {
    var positions: [String: Int] = [:]
    for (index, entry) in tensors.enumerated() { positions[entry.name] = index }
    var taken: Set<Int> = []
    var results: [Int: (name: String, tensor: Tensor)] = [:]
    for (index, entry) in tensors.enumerated() {
      guard let match = parts[0].match(entry.name) else { continue }
      var pieces: [Tensor] = []
      for (number, part) in parts.enumerated() {
        let name = part.name(match)
        guard let position = positions[name] else {
          throw StateRuleFailure(
            tensor: entry.name, expected: "'\(name)' beside it, to be joined", found: "none")
        }
        let piece = tensors[position].tensor
        try requireFit(piece, name, beside: entry.tensor, axis, extents?[number])
        taken.insert(position)
        pieces.append(piece)
      }
      results[index] = (whole.name(match), concatenated(pieces, along: axis))
    }
    return tensors.indices.compactMap { results[$0] ?? (taken.contains($0) ? nil : tensors[$0]) }
  }

  private func requireFit(
    _ piece: Tensor, _ name: String, beside first: Tensor, _ axis: Int, _ extent: Int?
  ) throws(StateRuleFailure) {
    let fits =
      piece.rank == first.rank && axis < piece.rank && piece.dtype == first.dtype
      && piece.shape.indices.allSatisfy {
        $0 == axis
          ? piece.shape[$0] == extent ?? first.shape[$0] : piece.shape[$0] == first.shape[$0]
      }
    guard fits else {
      throw StateRuleFailure(
        tensor: name,
        expected: "\(extent ?? (axis < first.rank ? first.shape[axis] : 1)) along axis \(axis), "
          + "and \(first.dtype) \(first.shape) else",
        found: "\(piece.dtype) \(piece.shape)")
    }
  }
}
