/// What a rule remembers, in a form that can be written down and read back.
///
/// One method does both: it shows each part to a visitor, which may read or replace it.
///
/// ```swift
/// struct Velocity: OptimizerState {
///   var value: Tensor
///   var count = 0
///   mutating func visit(by visitor: inout some OptimizerStateVisitor) {
///     visitor.visit("value", &value)
///     visitor.visit("count", &count)
///   }
/// }
/// ```
///
/// `Tensor` is such a state itself. ``Optimizing/stateTensors`` and
/// ``Optimizing/restore(_:)`` are made of it.
public protocol OptimizerState {
  /// Shows every part, always the same ones in the same order.
  mutating func visit(by visitor: inout some OptimizerStateVisitor)
}

/// Sees the parts of a rule's memory, by name.
public protocol OptimizerStateVisitor {
  /// One part; `nil` where the rule remembers nothing under that name.
  mutating func visit(_ name: String, _ tensor: inout Tensor?)
}

extension OptimizerStateVisitor {
  public mutating func visit(_ name: String, _ tensor: inout Tensor) {
    var part = Optional(tensor)
    visit(name, &part)
    if let part { tensor = part }
  }

  /// A count, seen as an `int64` scalar.
  public mutating func visit(_ name: String, _ number: inout Int) {
    var part = Optional(Tensor(number).cast(to: .int64))
    visit(name, &part)
    if let part { number = Int(part.item()) }
  }

  /// A number, seen as a `float64` scalar.
  public mutating func visit(_ name: String, _ number: inout Double) {
    var part = Optional(Tensor(number, dtype: .float64))
    visit(name, &part)
    if let part { number = part.item() }
  }

  /// A memory within a memory: its parts' names gain `name` and a dot. `Void` has no parts; another
  /// memory that is no ``OptimizerState`` traps, since it would be lost.
  public mutating func visit<State>(_ name: String, within state: inout State) {
    guard var parts = state as? any OptimizerState else {
      require(
        State.self == Void.self, "OptimizerState: \(name) is a \(State.self), which is none")
      return
    }
    var inner = PrefixedVisitor(base: self, prefix: name + ".")
    parts.visit(by: &inner)
    self = inner.base
    state = parts as! State
  }
}

extension Tensor: OptimizerState {
  public mutating func visit(by visitor: inout some OptimizerStateVisitor) {
    visitor.visit("value", &self)
  }
}

private struct PrefixedVisitor<Base: OptimizerStateVisitor>: OptimizerStateVisitor {
  var base: Base
  let prefix: String

  mutating func visit(_ name: String, _ tensor: inout Tensor?) {
    base.visit(prefix + name, &tensor)
  }
}
