import Core

// Gated linear units: the first half of an axis, times a function of the second half.

/// The gated linear unit.
///
///     glu(a, b) = a ⊙ σ(b),  x = (a, b) along an axis
///     ∂/∂a = σ(b),  ∂/∂b = a σ(b) (1 − σ(b))
///
/// - Returns: The shape of x with that axis half as long.
///
/// Source: [Dauphin et al. 2017].
public func glu(_ x: Tensor, along axis: Int = -1) -> Tensor {
  gated(x, along: axis, by: { sigmoid($0) })
}

/// The gated linear unit with a rectifier: reglu(a, b) = a ⊙ relu(b), in the shapes of
/// ``glu(_:along:)``.
///
///     ∂/∂a = relu(b),  ∂/∂b = a relu′(b)
///
/// Source: [Shazeer 2020].
public func reglu(_ x: Tensor, along axis: Int = -1) -> Tensor {
  gated(x, along: axis, by: relu)
}

/// The gated linear unit with GELU: geglu(a, b) = a ⊙ gelu(b), in the shapes of ``glu(_:along:)``.
///
///     ∂/∂a = gelu(b),  ∂/∂b = a gelu′(b)
///
/// Source: [Shazeer 2020].
public func geglu(
  _ x: Tensor, along axis: Int = -1, approximate: GELUApproximation = .none
) -> Tensor {
  gated(x, along: axis, by: { gelu($0, approximate: approximate) })
}

/// The gated linear unit with SiLU: swiglu(a, b) = a ⊙ silu(b), in the shapes of ``glu(_:along:)``.
///
///     ∂/∂a = silu(b),  ∂/∂b = a silu′(b)
///
/// Source: [Shazeer 2020].
public func swiglu(_ x: Tensor, along axis: Int = -1) -> Tensor {
  gated(x, along: axis, by: silu)
}

private func gated(_ x: Tensor, along axis: Int, by gate: (Tensor) -> Tensor) -> Tensor {
  let halves = x.split(count: 2, along: axis)
  return halves[0] * gate(halves[1])
}

/// ``glu(_:along:)`` as a layer.
public struct GLU: Layer, Sendable {
  /// The axis that it acts along; negative ones count from the last.
  public let axis: Int

  /// A layer along an axis, by default the last.
  public init(along axis: Int = -1) { self.axis = axis }
  public func callAsFunction(_ x: Tensor) -> Tensor { glu(x, along: axis) }
}

/// ``reglu(_:along:)`` as a layer.
public struct ReGLU: Layer, Sendable {
  /// The axis that it acts along; negative ones count from the last.
  public let axis: Int

  /// A layer along an axis, by default the last.
  public init(along axis: Int = -1) { self.axis = axis }
  public func callAsFunction(_ x: Tensor) -> Tensor { reglu(x, along: axis) }
}

/// ``geglu(_:along:approximate:)`` as a layer.
public struct GEGLU: Layer, Sendable {
  /// The axis that it acts along; negative ones count from the last.
  public let axis: Int
  /// The exact function, or its approximation by tanh.
  public let approximate: GELUApproximation

  /// A layer along an axis, by default the last, with the exact GELU unless told otherwise.
  public init(along axis: Int = -1, approximate: GELUApproximation = .none) {
    self.axis = axis
    self.approximate = approximate
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    geglu(x, along: axis, approximate: approximate)
  }
}

/// ``swiglu(_:along:)`` as a layer.
public struct SwiGLU: Layer, Sendable {
  /// The axis that it acts along; negative ones count from the last.
  public let axis: Int

  /// A layer along an axis, by default the last.
  public init(along axis: Int = -1) { self.axis = axis }
  public func callAsFunction(_ x: Tensor) -> Tensor { swiglu(x, along: axis) }
}
