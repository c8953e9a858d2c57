import Core

/// A layer that slides windows over space, as convolution and pooling do: what its sizes follow from.
public protocol WindowedLayer: Layer<Tensor, Tensor> {
  /// How its windows slide.
  var windows: Windows { get }
  /// The extents of one window along the axes of space.
  var windowExtents: [Int] { get }
  /// The number of windows along each axis of space.
  func outputSize(of size: [Int]) -> [Int]
  /// The shape of the result for an input of a shape, with the batch axis or without.
  ///
  /// Traps where the layer itself would.
  func outputShape(for input: Shape) -> Shape
}

extension WindowedLayer {
  public func outputSize(of size: [Int]) -> [Int] {
    windows.outputSize(of: size, kernel: windowExtents)
  }
}
