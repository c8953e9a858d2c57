import Core

/// What a recurrent cell hands from one step to the next: one or more tensors with a batch axis
/// first.
///
/// A `Tensor` is a state. A state of several tensors is a structure:
///
/// ```swift
/// struct Pair: RecurrentState {
///   var fast, slow: Tensor
///   var tensors: [Tensor] { [fast, slow] }
///   init(tensors: [Tensor]) { (fast, slow) = (tensors[0], tensors[1]) }
/// }
/// ```
public protocol RecurrentState: Sendable {
  /// The tensors, each [batch, …], always as many and in the same order.
  var tensors: [Tensor] { get }

  /// The state of these tensors.
  init(tensors: [Tensor])
}

extension Tensor: RecurrentState {
  public var tensors: [Tensor] { [self] }

  public init(tensors: [Tensor]) { self = tensors[0] }
}

extension RecurrentState {
  /// A state with each tensor changed.
  public func mapped(_ transform: (Tensor) throws -> Tensor) rethrows -> Self {
    Self(tensors: try tensors.map(transform))
  }

  /// For each sequence of the batch, this state where `condition` holds, else `other`.
  func selected(where condition: Tensor, else other: Self) -> Self {
    Self(tensors: zip(tensors, other.tensors).map { select(condition.column(like: $0), $0, $1) })
  }
}

extension Tensor {
  /// A [batch] as [batch, 1, …], to stretch over `other`, [batch, …].
  func column(like other: Tensor) -> Tensor {
    reshaped(Shape([count] + [Int](repeating: 1, count: max(other.rank - 1, 0))))
  }
}

/// The states' values, through which no gradient flows: what truncated back-propagation carries from
/// one window to the next.
public func stopGradient<State: RecurrentState>(_ states: [State]) -> [State] {
  states.map { $0.mapped { stopGradient($0) } }
}
