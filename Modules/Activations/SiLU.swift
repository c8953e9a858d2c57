import Core
internal import Kernels

/// The sigmoid linear unit, also called swish.
///
///     silu(x)  = x σ(x)
///     silu′(x) = σ(x) (1 + x (1 − σ(x)))
///
/// At −∞ the value is the limit, 0.
///
/// Source: [Elfwing et al. 2018]; [Ramachandran et al. 2017].
public func silu(_ x: Tensor) -> Tensor {
  fromInput(.silu, floating(x), fused: .silu_from_input) { x, upstream in
    // σ(−800) is 0, in float64 too.
    let x = bounded(x, by: 800)
    let s = sigmoid(x)
    return upstream * (s + x * (s * (1 - s)))
  }
}

/// ``silu(_:)`` as a layer.
public struct SiLU: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { silu(x) }
}
