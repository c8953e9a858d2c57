import Core

/// A layer that slides windows over space, as convolution and pooling do: what its sizes follow from.
public protocol WindowedLayer: Layer<Tensor, Tensor> {
  /// How its windows slide.
  var windows: Windows { get }
  /// The extents of one window along the axes of space.
  var windowExtents: [Int] { get }
  /// The shape of the result for an input of a shape, with the batch axis or without.
  ///
  /// Traps where the layer itself would.
  func outputShape(for input: Shape) -> Shape
}
