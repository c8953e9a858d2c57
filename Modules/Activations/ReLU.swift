import Core
internal import Kernels

/// The rectifier, which keeps the positive part.
///
///     relu(x)  = max(0, x) = x H(x)
///     relu′(x) = H(x) for x ≠ 0,  and 0 at 0
///
/// H is Heaviside's step, `heaviside(_:)`. At the kink the derivative is 0, as in PyTorch, and not
/// the ½ of H. The second derivative is 0 everywhere.
///
/// Source: course document 001, questions 1(b) and 1(c); [Nair and Hinton 2010].
public func relu(_ x: Tensor) -> Tensor {
  fromOutput(.relu, floating(x), fused: .relu_from_output) { y, upstream in
    pass(upstream, where: y .> 0)
  }
}

/// ``relu(_:)`` as a layer.
public struct ReLU: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { relu(x) }
}
