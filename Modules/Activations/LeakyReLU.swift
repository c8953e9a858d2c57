import Core
internal import Kernels

/// The rectifier with a small slope for negative arguments.
///
///     leakyReLU(x)  = x for x > 0,  slope · x else
///     leakyReLU′(x) = 1 for x > 0,  slope else (at 0 too)
///
/// - Parameter slope: The slope for negative arguments; 0.01 unless told otherwise.
///
/// Source: [Maas et al. 2013].
public func leakyReLU(_ x: Tensor, slope: Double = 0.01) -> Tensor {
  activationUnit(.leaky_relu, x, (slope, 0, 0)) { x, upstream in
    select(x .> 0, upstream, slope * upstream)
  }
}

/// ``leakyReLU(_:slope:)`` as a layer.
public struct LeakyReLU: Layer, Sendable {
  /// The slope for x < 0.
  public let slope: Double

  /// A layer with a slope for x < 0, by default 0.01.
  public init(slope: Double = 0.01) { self.slope = slope }
  public func callAsFunction(_ x: Tensor) -> Tensor { leakyReLU(x, slope: slope) }
}
