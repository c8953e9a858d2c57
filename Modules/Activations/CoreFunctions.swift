import Core

// Layers for the functions that Core declares, since several topics share them.

/// The logistic function σ(x) = 1 / (1 + e⁻ˣ), `sigmoid(_:)`, as a layer. σ′ = σ (1 − σ).
public struct Sigmoid: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { sigmoid(x) }
}

/// The hyperbolic tangent, `tanh(_:)`, as a layer. tanh′ = 1 − tanh².
public struct Tanh: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { tanh(x) }
}

/// `softplus(_:)` as a layer, with a sharpness.
///
///     y  = ln(1 + e^(βx)) / β
///     y′ = σ(βx)
///
/// There is no threshold beyond which it turns linear: the form is stable for every x.
///
/// Source: [Dugas et al. 2001]; course document 001, question 1(g).
public struct Softplus: Layer, Sendable {
  /// How sharp the bend is: softplus(βx)/β.
  public let beta: Double

  /// - Parameter beta: β, not 0; the greater, the closer to the rectifier. 1 unless told otherwise.
  public init(beta: Double = 1) {
    require(beta != 0, "Softplus: beta is 0")
    self.beta = beta
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    beta == 1 ? softplus(x) : softplus(beta * floating(x)) / beta
  }
}

/// `softmax(_:along:)` as a layer.
public struct Softmax: Layer, Sendable {
  /// The axis that it acts along; negative ones count from the last.
  public let axis: Int

  /// A layer along an axis, by default the last.
  public init(along axis: Int = -1) { self.axis = axis }
  public func callAsFunction(_ x: Tensor) -> Tensor { softmax(x, along: axis) }
}

/// `logSoftmax(_:along:)` as a layer.
public struct LogSoftmax: Layer, Sendable {
  /// The axis that it acts along; negative ones count from the last.
  public let axis: Int

  /// A layer along an axis, by default the last.
  public init(along axis: Int = -1) { self.axis = axis }
  public func callAsFunction(_ x: Tensor) -> Tensor { logSoftmax(x, along: axis) }
}
