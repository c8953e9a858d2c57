import Core
internal import Kernels

/// A smooth, slightly non-monotonic rectifier.
///
///     mish(x)  = x t,  t = tanh(softplus(x))
///     mish′(x) = t + x (1 − t²) σ(x)
///
/// At −∞ the value is the limit, 0.
///
/// Source: [Misra 2019].
public func mish(_ x: Tensor) -> Tensor {
  activationUnit(.mish, x) { x, upstream in
    // Beyond 800 nothing of t changes in float64 either, and 0 · ∞ must not arise.
    let x = bounded(x, by: 800)
    let t = tanh(softplus(x))
    return upstream * (t + x * (1 - t * t) * sigmoid(x))
  }
}

/// ``mish(_:)`` as a layer.
public struct Mish: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { mish(x) }
}
