import Core

/// A layer whose weight is learnt as a length and a direction, w = g u / ‖u‖.
///
/// ```swift
/// let layer = WeightNormalized(Conv2D(3, 32, kernel: 3), of: \.weight)
/// let y = layer(x)
/// let plain = layer.removed()                // the same function, an ordinary layer again
/// ```
///
/// The norm is taken for each index along `axis` over all others: for the layers of Apus, along 0,
/// each output has a length of its own. The layer's own parameter holds u, so that the layer starts
/// as the function that it was and optimizers see the parameters `layer.weight` (u) and `magnitude`
/// (g). The gradient with respect to u is
///
/// ```
/// ∇ᵤL = s W* ∇_w L,   s = g / ‖u‖,   W* = I − u uᵀ / ‖u‖²
/// ```
///
/// orthogonal to u: a plain gradient step never shortens u (course document 003, question 4).
///
/// Traps where a direction is all zeros.
///
/// [Salimans and Kingma 2016]: https://arxiv.org/abs/1602.07868
public struct WeightNormalized<L: Layer>: Layer {
  /// The layer; its weight holds u.
  public let layer: L
  /// g, in the weight's shape with an extent of 1 along all axes but `axis`.
  public let magnitude: Parameter
  /// The axis that has a length for each index; `nil` for one length in all.
  public let axis: Int?
  /// The layer's own weight, u.
  let direction: Parameter

  /// - Parameters:
  ///   - layer: Any layer with a weight.
  ///   - weight: Where the weight is.
  ///   - axis: The axis that has a length for each index; `nil` for one length in all. The default
  ///     is 0.
  public init(_ layer: L, of weight: KeyPath<L, Parameter>, axis: Int? = 0) {
    let direction = layer[keyPath: weight]
    if let axis {
      require(
        axis >= 0 && axis < direction.shape.count,
        "WeightNormalized: no axis \(axis) in a weight of shape \(direction.shape)")
    }
    self.layer = layer
    self.axis = axis
    self.direction = direction
    let norm = lengths(of: direction.value.detached, axis)
    require(
      (norm .> 0).all(),
      "WeightNormalized: a part of the weight of shape \(direction.shape) is all zeros, and has no direction"
    )
    magnitude = Parameter(norm)
  }

  /// g u / ‖u‖, the weight that the layer computes with.
  public var weight: Tensor {
    let u = direction.value
    return magnitude.value * u / lengths(of: u, axis)
  }

  public func callAsFunction(_ input: L.Input) -> L.Output {
    substituting(weight, for: direction) { layer(input) }
  }

  /// The layer alone, its weight set to what it was here.
  public func removed() -> L {
    direction.value = weight.detached
    return layer
  }
}

extension WeightNormalized: Sendable where L: Sendable {}

/// ‖u‖ for each index along the axis, with the other axes kept at an extent of 1.
private func lengths(of u: Tensor, _ axis: Int?) -> Tensor {
  sqrt(square(u).sum(along: (0..<u.rank).filter { $0 != axis }, keepingAxes: true))
}
