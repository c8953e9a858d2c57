import Core
internal import Kernels

/// A sigmoid curve with polynomial tails.
///
///     softsign(x)  = x / (1 + |x|)
///     softsign′(x) = 1 / (1 + |x|)²
///
/// At ±∞ the value is the limit, ±1. The second derivative at 0, where it jumps, is taken as 0.
///
/// Source: [Turian et al. 2009].
public func softsign(_ x: Tensor) -> Tensor {
  activationUnit(.softsign, x) { x, upstream in
    upstream * square(reciprocal(1 + abs(x)))
  }
}

/// ``softsign(_:)`` as a layer.
public struct Softsign: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { softsign(x) }
}
