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
    // Moved, not copied: a visitor may write in place.
    var part = Optional(nothing)
    swap(&part!, &tensor)
    visit(name, &part)
    guard let part else { trap("StateVisitor: a visitor took \(name) away") }
    tensor = part
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
    guard let type = State.self as? any TrainingState.Type else {
      require(
        State.self == Void.self, "StateVisitor: \(name) is a \(State.self), no TrainingState")
      return
    }
    var inner = PrefixedVisitor(base: self, prefix: name + ".")
    visitInPlace(type, &state, by: &inner)
    self = inner.base
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

/// Stands in a tensor's place while a visitor holds it.
private let nothing = Tensor(0)

/// Visits a state that is of the given type, as only run time knows, without a copy: what it holds
/// may be written in place.
func visitInPlace<State, Parts: TrainingState>(
  _ type: Parts.Type, _ state: inout State, by visitor: inout some StateVisitor
) {
  withUnsafeMutablePointer(to: &state) { pointer in
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: type).pointee.visit(by: &visitor)
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
