import Core

/// The rectifier with a small slope for negative arguments.
///
///     leakyReLU(x)  = x for x > 0,  slope · x else
///     leakyReLU′(x) = 1 for x > 0,  slope else (at 0 too)
///
/// - Parameter slope: The slope for negative arguments; 0.01 unless told otherwise.
///
/// Source: [Maas et al. 2013].
public func leakyReLU(_ x: Tensor, slope: Double = 0.01) -> Tensor {
  differentiable(floating(x)) { x in
    // Where the slope is between 0 and 1 the greater of the two is the right one, in fewer passes.
    // At 0, −∞ · slope would be NaN.
    if slope == 0 { return relu(x) }
    return slope > 0 && slope <= 1 ? maximum(x, slope * x) : select(x .> 0, x, slope * x)
  } pullback: { x, _, upstream in
    select(x .> 0, upstream, slope * upstream)
  }
}

/// ``leakyReLU(_:slope:)`` as a layer.
public struct LeakyReLU: Layer, Sendable {
  public let slope: Double

  public init(slope: Double = 0.01) { self.slope = slope }
  public func callAsFunction(_ x: Tensor) -> Tensor { leakyReLU(x, slope: slope) }
}
