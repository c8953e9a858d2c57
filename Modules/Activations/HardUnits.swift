import Core
internal import Kernels

/// The identity cut off at two bounds, a piecewise linear hyperbolic tangent.
///
///     hardTanh(x)  = min(max(x, lower), upper)
///     hardTanh′(x) = 1 for lower < x < upper,  0 else (at both kinks too)
///
/// - Parameter range: The bounds; −1 and 1 unless told otherwise. `0...6` gives ReLU6.
///
/// Source: [Collobert 2004].
public func hardTanh(_ x: Tensor, in range: ClosedRange<Double> = -1...1) -> Tensor {
  activationUnit(.hard_tanh, x, (range.lowerBound, range.upperBound, 0)) { x, upstream in
    pass(upstream, where: (x .> range.lowerBound) .&& (x .< range.upperBound))
  }
}

/// A piecewise linear logistic function.
///
///     hardSigmoid(x)  = min(max(x + 3, 0), 6) / 6
///     hardSigmoid′(x) = 1/6 for −3 < x < 3,  0 else (at both kinks too)
///
/// Source: [Howard et al. 2019]; the scale is PyTorch's.
public func hardSigmoid(_ x: Tensor) -> Tensor {
  activationUnit(.hard_sigmoid, x) { x, upstream in
    pass(upstream / 6, where: (x .> -3) .&& (x .< 3))
  }
}

/// SiLU with the piecewise linear logistic function.
///
///     hardSwish(x)  = x hardSigmoid(x)
///     hardSwish′(x) = 0 for x ≤ −3,  x/3 + ½ for −3 < x < 3,  1 for x ≥ 3
///
/// Source: [Howard et al. 2019].
public func hardSwish(_ x: Tensor) -> Tensor {
  activationUnit(.hard_swish, x) { x, upstream in
    let slope = select(x .< 3, x / 3 + 0.5, x.constant(1))
    return upstream * select(x .> -3, slope, x.constant(0))
  }
}

/// ``hardTanh(_:in:)`` as a layer.
public struct HardTanh: Layer, Sendable {
  /// What values are limited to.
  public let range: ClosedRange<Double>

  /// A layer with limits, by default −1…1.
  public init(in range: ClosedRange<Double> = -1...1) { self.range = range }
  public func callAsFunction(_ x: Tensor) -> Tensor { hardTanh(x, in: range) }
}

/// ``hardSigmoid(_:)`` as a layer.
public struct HardSigmoid: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { hardSigmoid(x) }
}

/// ``hardSwish(_:)`` as a layer.
public struct HardSwish: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { hardSwish(x) }
}
