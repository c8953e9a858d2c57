extension Optimizer {
  /// One step along a gradient of a few rows: on those alone where the rule allows it.
  func update(
    _ parameter: inout Tensor, along gradient: RowGradient, state: inout State,
    at iteration: Int
  ) {
    let parts = State.self as? any TrainingState.Type
    guard isRowLocal, parts != nil || State.self == Void.self else {
      update(&parameter, along: gradient.dense, state: &state, at: iteration)
      return
    }
    if gradient.rows.count == 0 { return }
    var part = parameter.gathered(at: gradient.rows)
    var memory = state
    if let parts {
      var gathering = Gathering(rows: gradient.rows, shape: parameter.shape)
      visitInPlace(parts, &memory, by: &gathering)
    }
    update(&part, along: gradient.values, state: &memory, at: iteration)
    parameter.putRows(part, at: gradient.rows)
    if let parts {
      var collected = Collecting()
      visitInPlace(parts, &memory, by: &collected)
      var scattering = Scattering(
        rows: gradient.rows, shape: parameter.shape, found: collected.found)
      visitInPlace(parts, &state, by: &scattering)
    }
  }
}

/// A visitor of a memory for rows: what is held by reference is the whole memory's own, and stays.
private protocol RowVisitor: StateVisitor {}

extension RowVisitor {
  mutating func visit(
    _ name: String, _ tensor: Tensor, replacing replace: @escaping (Tensor) -> Void
  ) {}
}

/// Leaves some rows of each part that has the parameter's shape.
private struct Gathering: RowVisitor {
  let rows: Tensor
  let shape: Shape

  mutating func visit(_ name: String, _ tensor: inout Tensor?) {
    if let whole = tensor, whole.shape == shape { tensor = whole.gathered(at: rows) }
  }

  mutating func visit(_ name: String, list: inout Tensor) {}
}

private struct Collecting: RowVisitor {
  var found: [String: Tensor] = [:]

  mutating func visit(_ name: String, _ tensor: inout Tensor?) { found[name] = tensor }

  mutating func visit(_ name: String, list: inout Tensor) { found[name] = list }
}

/// Puts them back, in place.
private struct Scattering: RowVisitor {
  let rows: Tensor
  let shape: Shape
  let found: [String: Tensor]

  mutating func visit(_ name: String, _ tensor: inout Tensor?) {
    guard let part = found[name] else { return }
    if tensor?.shape == shape { tensor!.putRows(part, at: rows) } else { tensor = part }
  }

  mutating func visit(_ name: String, list: inout Tensor) {
    if let part = found[name] { list = part }
  }
}
