import Core

/// Layer normalisation: each example's last axes brought to mean 0 and variance 1, then scaled and
/// shifted by element.
///
/// ```swift
/// let norm = LayerNormalization(512)          // […, 512] → […, 512]
/// ```
///
/// The same in both modes, and independent of the other examples in the batch: see
/// `layerNormalized(_:scale:shift:axes:epsilon:)` for the formula.
///
/// [Ba et al. 2016]: https://arxiv.org/abs/1607.06450
public struct LayerNormalization: Layer, Sendable {
  /// γ, in the shape of a slice, 1 at first; `nil` where not affine.
  public let scale: Parameter?
  /// β, in the shape of a slice, 0 at first; `nil` where not affine or without shift.
  public let shift: Parameter?
  /// The extents of the last axes, which are normalised together.
  public let features: Shape
  /// ε, which keeps the root away from 0.
  public let epsilon: Double

  /// - Parameters:
  ///   - features: The extents of the last axes.
  ///   - epsilon: The default is 10⁻⁵.
  ///   - isAffine: Whether scale and shift are there; the default is that they are.
  ///   - hasShift: Whether the shift is there beside the scale; the default is that it is.
  public init(
    _ features: Shape, epsilon: Double = 1e-5, isAffine: Bool = true, hasShift: Bool = true
  ) {
    require(!features.isEmpty, "LayerNormalization: no axis to normalise over")
    scale = isAffine ? Parameter(.ones(features)) : nil
    shift = isAffine && hasShift ? Parameter(.zeros(features)) : nil
    self.features = features
    self.epsilon = epsilon
  }

  /// Over the last axis alone.
  public init(
    _ features: Int, epsilon: Double = 1e-5, isAffine: Bool = true, hasShift: Bool = true
  ) {
    self.init([features], epsilon: epsilon, isAffine: isAffine, hasShift: hasShift)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireFeatures(x, features, in: "LayerNormalization")
    return layerNormalized(
      x, scale: scale?.value, shift: shift?.value, axes: features.count, epsilon: epsilon)
  }
}

/// Root-mean-square normalisation: each example's last axes divided by the root of their mean
/// square, then scaled by element.
///
/// See `rootMeanSquareNormalized(_:scale:axes:epsilon:)` for the formula. The same in both modes.
///
/// [Zhang and Sennrich 2019]: https://arxiv.org/abs/1910.07467
public struct RMSNormalization: Layer, Sendable {
  /// γ, in the shape of a slice, 1 at first; `nil` where not affine.
  public let scale: Parameter?
  /// The extents of the last axes, which are normalised together.
  public let features: Shape
  /// ε, which keeps the root away from 0.
  public let epsilon: Double

  /// - Parameters:
  ///   - features: The extents of the last axes.
  ///   - epsilon: The default is 10⁻⁵; PyTorch's is the machine's ε, 1.2 · 10⁻⁷ for float32.
  ///   - isAffine: Whether the scale is there; the default is that it is.
  public init(_ features: Shape, epsilon: Double = 1e-5, isAffine: Bool = true) {
    require(!features.isEmpty, "RMSNormalization: no axis to normalise over")
    scale = isAffine ? Parameter(.ones(features)) : nil
    self.features = features
    self.epsilon = epsilon
  }

  /// Over the last axis alone.
  public init(_ features: Int, epsilon: Double = 1e-5, isAffine: Bool = true) {
    self.init([features], epsilon: epsilon, isAffine: isAffine)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireFeatures(x, features, in: "RMSNormalization")
    return rootMeanSquareNormalized(
      x, scale: scale?.value, axes: features.count, epsilon: epsilon)
  }
}

private func requireFeatures(_ x: Tensor, _ features: Shape, in operation: String) {
  require(
    x.rank >= features.count && Shape(x.shape.suffix(features.count)) == features,
    "\(operation): an input of shape \(x.shape) does not end in \(features)")
}
