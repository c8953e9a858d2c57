import Core

/// A smooth, slightly non-monotonic rectifier.
///
///     mish(x)  = x t,  t = tanh(softplus(x))
///     mish′(x) = t + x (1 − t²) σ(x)
///
/// At −∞ the value is the limit, 0.
///
/// Source: [Misra 2019].
public func mish(_ x: Tensor) -> Tensor {
  differentiable(floating(x)) { x in
    // Below −800, t is 0 in float64 too, and 0 · ∞ must not arise.
    maximum(x, -800) * tanh(softplus(x))
  } pullback: { x, _, upstream in
    let x = bounded(x, by: 800)
    let t = tanh(softplus(x))
    return upstream * (t + x * (1 - t * t) * sigmoid(x))
  }
}

/// ``mish(_:)`` as a layer.
public struct Mish: Layer, Sendable {
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { mish(x) }
}
