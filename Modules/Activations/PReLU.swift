import Core

/// The rectifier whose slope for negative arguments is learnt.
///
///     prelu(x) = x for x > 0,  a x else
///     ∂/∂x = 1 for x > 0,  a else (at 0 too)
///     ∂/∂a = 0 for x > 0,  x else, summed over what shares a
///
/// - Parameters:
///   - x: [batch, channel, …], or any shape when there is one slope only.
///   - weight: a, of one element, or of shape [channel].
/// - Returns: The shape of x.
///
/// Source: [He et al. 2015].
public func prelu(_ x: Tensor, weight: Tensor) -> Tensor {
  let x = floating(x)
  let a = channelwise(weight, for: x)
  return differentiable(x, a.cast(to: x.dtype)) { x, a in
    select(x .> 0, x, a * x)
  } pullback: { x, a, _, upstream in
    (
      select(x .> 0, upstream, a * upstream),
      (upstream * x.nonpositivePart).summed(to: a.shape)
    )
  }
}

/// The slopes in a shape that broadcasts along the channels, which are axis 1.
private func channelwise(_ weight: Tensor, for x: Tensor) -> Tensor {
  if weight.count == 1 { return weight.reshaped(Shape()) }
  require(
    weight.rank == 1 && x.rank >= 2 && x.shape[1] == weight.count,
    "prelu: slopes of shape \(weight.shape) do not fit an input of shape \(x.shape); one slope, or "
      + "one for each position of axis 1")
  return weight.reshaped(Shape([weight.count] + Array(repeating: 1, count: x.rank - 2)))
}

/// ``prelu(_:weight:)`` with the slopes as a parameter.
///
/// ```swift
/// let activation = PReLU(channels: 16)     // [batch, 16, height, width] → the same
/// ```
public struct PReLU: Layer, Sendable {
  /// [channel], or [1] when all share one slope.
  public let weight: Parameter

  /// - Parameters:
  ///   - channels: How many slopes there are: 1, or the extent of axis 1.
  ///   - slope: Where they start; 0.25 unless told otherwise.
  public init(channels: Int = 1, slope: Double = 0.25) {
    require(channels > 0, "PReLU: \(channels) channels")
    weight = Parameter(.full([channels], slope))
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { prelu(x, weight: weight.value) }
}
