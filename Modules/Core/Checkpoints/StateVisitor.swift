/// Sees the parts of a ``TrainingState``, by name.
///
/// The requirements are what a visitor does; what a state calls is mostly the extensions, for
/// numbers, lists, layers and states within states.
public protocol StateVisitor {
  /// One part, whose shape and type stay; `nil` where nothing is remembered under that name.
  mutating func visit(_ name: String, _ tensor: inout Tensor?)

  /// One part whose first extent may change.
  mutating func visit(_ name: String, list: inout Tensor)

  /// One part that is held by reference. What is read back arrives at `replace` once every other
  /// part has been found to fit.
  mutating func visit(
    _ name: String, _ tensor: Tensor, replacing replace: @escaping (Tensor) -> Void)
}

/// The visitor of what a rule remembers: the visitor of any training state.
public typealias OptimizerStateVisitor = StateVisitor

extension StateVisitor {
  public mutating func visit(_ name: String, _ tensor: inout Tensor) {
    var part = Optional(tensor)
    visit(name, &part)
    if let part { tensor = part }
  }

  /// A count, seen as an `int64` scalar.
  public mutating func visit(_ name: String, _ number: inout Int) {
    var part = Tensor(scalars: [number], shape: [])
    visit(name, &part)
    number = part.scalars(as: Int.self)[0]
  }

  /// A number, seen as a `float64` scalar.
  public mutating func visit(_ name: String, _ number: inout Double) {
    var part = Tensor(scalars: [number], shape: [])
    visit(name, &part)
    number = part.item()
  }

  /// A truth value, seen as a `bool` scalar.
  public mutating func visit(_ name: String, _ truth: inout Bool) {
    var part = Tensor(scalars: [truth], shape: [])
    visit(name, &part)
    truth = part.item() != 0
  }

  /// Whole numbers, as many as there are, seen as an `int64` vector.
  public mutating func visit(_ name: String, list numbers: inout [Int]) {
    var part = Tensor(scalars: numbers, shape: [numbers.count])
    visit(name, list: &part)
    numbers = part.scalars(as: Int.self)
  }

  /// Numbers, as many as there are, such as the losses so far; seen as a `float64` vector.
  public mutating func visit(_ name: String, list numbers: inout [Double]) {
    var part = Tensor(scalars: numbers, shape: [numbers.count])
    visit(name, list: &part)
    numbers = part.scalars(as: Double.self)
  }

  /// A memory within a memory: its parts' names gain `name` and a dot. `Void` has no parts; another
  /// value that is no ``TrainingState`` traps, since it would be lost.
  public mutating func visit<State>(_ name: String, within state: inout State) {
    guard var parts = state as? any TrainingState else {
      require(
        State.self == Void.self, "StateVisitor: \(name) is a \(State.self), no TrainingState")
      return
    }
    var inner = PrefixedVisitor(base: self, prefix: name + ".")
    parts.visit(by: &inner)
    self = inner.base
    state = parts as! State
  }

  /// A memory that may be absent; `initial` is what one looks like.
  public mutating func visit<State>(
    _ name: String, within state: inout State?, initial: @autoclosure () -> State
  ) {
    var isThere = state != nil
    visit(name + ".isThere", &isThere)
    guard isThere else {
      state = nil
      return
    }
    var inner = state ?? initial()
    visit(name, within: &inner)
    state = inner
  }

  /// Memories, as many as there are; `initial` is what one looks like.
  public mutating func visit<State>(
    _ name: String, each states: inout [State], initial: @autoclosure () -> State
  ) {
    var count = states.count
    visit(name + ".count", &count)
    states.removeLast(max(states.count - max(count, 0), 0))
    while states.count < count { states.append(initial()) }
    for index in states.indices { visit("\(name).\(index)", within: &states[index]) }
  }

  /// The parameters and buffers of a layer, under their names.
  public mutating func visit(_ name: String, layer: some Layer) {
    for entry in layer.namedParameters {
      let parameter = entry.parameter
      visit("\(name).\(entry.name)", parameter.value.detached) { parameter.value = $0 }
    }
  }
}

extension Double: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("value", &self)
  }
}

/// Puts a prefix before every name.
private struct PrefixedVisitor<Base: StateVisitor>: StateVisitor {
  var base: Base
  let prefix: String

  mutating func visit(_ name: String, _ tensor: inout Tensor?) {
    base.visit(prefix + name, &tensor)
  }

  mutating func visit(_ name: String, list: inout Tensor) {
    base.visit(prefix + name, list: &list)
  }

  mutating func visit(
    _ name: String, _ tensor: Tensor, replacing replace: @escaping (Tensor) -> Void
  ) {
    base.visit(prefix + name, tensor, replacing: replace)
  }
}
