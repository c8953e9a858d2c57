/// Layers one after the other.
///
/// ```swift
/// let model = Sequential {
///   Dense(64, 128)
///   Softplus()
///   Dense(128, 10)
/// }
/// ```
///
/// A layer whose input is not the output of the one before does not compile. `for` repeats layers of
/// one type, and `if` chooses. Parameters are named by position: `0.weight`, `2.weight`.
public struct Sequential<Body: Layer>: Layer, ReflectedChildren {
  /// The layers, as one.
  public let body: Body

  /// The layers in the order in which they are listed.
  public init(@SequentialBuilder _ body: () -> Body) { self.body = body() }

  public func callAsFunction(_ input: Body.Input) -> Body.Output {
    reported(body, input) { body($0) }
  }

  public var reflectedChildren: [(name: String, value: Any)] {
    flattened(body).enumerated().map { (String($0), $1) }
  }
}

extension Sequential: Sendable where Body: Sendable {}

/// Joins the layers of a ``Sequential``.
@resultBuilder
public enum SequentialBuilder {
  /// The first layer of a list.
  public static func buildPartialBlock<L: Layer>(first: L) -> L { first }

  /// One more layer.
  public static func buildPartialBlock<First: Layer, Second: Layer>(
    accumulated: First, next: Second
  ) -> Chain<First, Second> where First.Output == Second.Input {
    Chain(first: accumulated, second: next)
  }

  /// The layers of a loop.
  public static func buildArray<L: Layer>(_ layers: [L]) -> Repeated<L> where L.Input == L.Output {
    Repeated(layers: layers)
  }

  /// A layer that may be absent.
  public static func buildOptional<L: Layer>(_ layer: L?) -> Repeated<L>
  where L.Input == L.Output {
    Repeated(layers: layer.map { [$0] } ?? [])
  }

  /// The first branch of a choice.
  public static func buildEither<A: Layer, B: Layer>(first: A) -> Either<A, B> { .first(first) }

  /// The second branch of a choice.
  public static func buildEither<A: Layer, B: Layer>(second: B) -> Either<A, B> {
    .second(second)
  }
}

/// Two layers, the second on the output of the first.
public struct Chain<First: Layer, Second: Layer>: Layer where First.Output == Second.Input {
  /// The layer that runs first.
  public let first: First
  /// The layer that runs on its result.
  public let second: Second

  public func callAsFunction(_ input: First.Input) -> Second.Output {
    let middle = reported(first, input) { first($0) }
    return reported(second, middle) { second($0) }
  }
}

/// Any number of layers of one type, one after the other.
public struct Repeated<L: Layer>: Layer where L.Input == L.Output {
  /// The layers, in their order.
  public let layers: [L]

  public func callAsFunction(_ input: L.Input) -> L.Input {
    layers.reduce(input) { input, layer in reported(layer, input) { layer($0) } }
  }
}

/// One of two layers between the same types.
public enum Either<A: Layer, B: Layer>: Layer where A.Input == B.Input, A.Output == B.Output {
  /// The first branch.
  case first(A)
  /// The second branch.
  case second(B)

  public func callAsFunction(_ input: A.Input) -> A.Output {
    switch self {
    case .first(let layer): reported(layer, input) { layer($0) }
    case .second(let layer): reported(layer, input) { layer($0) }
    }
  }
}

extension Chain: Sendable where First: Sendable, Second: Sendable {}
extension Repeated: Sendable where L: Sendable {}
extension Either: Sendable where A: Sendable, B: Sendable {}

/// A function without parameters as a layer: `Lambda { $0.flattened(from: 1) }`.
public struct Lambda: Layer, Sendable {
  private let function: @Sendable (Tensor) -> Tensor

  /// A function as a layer.
  public init(_ function: @escaping @Sendable (Tensor) -> Tensor) { self.function = function }

  public func callAsFunction(_ x: Tensor) -> Tensor { function(x) }
}

// MARK: - The flat list of layers, for names

private protocol Composite {
  var parts: [Any] { get }
}

extension Chain: Composite {
  fileprivate var parts: [Any] { [first, second] }
}

extension Repeated: Composite {
  fileprivate var parts: [Any] { layers }
}

extension Either: Composite {
  fileprivate var parts: [Any] {
    switch self {
    case .first(let layer): [layer]
    case .second(let layer): [layer]
    }
  }
}

private func flattened(_ value: Any) -> [Any] {
  guard let composite = value as? any Composite else { return [value] }
  return composite.parts.flatMap(flattened)
}
