import Core

/// Adds independent normal noise of mean 0 to every pixel.
public struct RandomNoise: Augmentation {
  /// The noise's standard deviation.
  public var deviation: Double
  /// The range that results are cut to, if any.
  public var range: ClosedRange<Double>?

  /// - Parameters:
  ///   - deviation: The noise's standard deviation.
  ///   - range: The range that results are cut to, for instance `0...1`.
  public init(_ deviation: Double, clampedTo range: ClosedRange<Double>? = nil) {
    require(deviation >= 0, "RandomNoise: the deviation \(deviation) is negative")
    self.deviation = deviation
    self.range = range
  }

  public func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor {
    requireImages(images, in: "RandomNoise")
    let noisy =
      images.detached
      + Tensor.randomNormal(
        images.shape, deviation: deviation, dtype: images.dtype, using: &generator)
    guard let range else { return noisy }
    return minimum(
      maximum(noisy, Tensor.full([], range.lowerBound, dtype: images.dtype)),
      Tensor.full([], range.upperBound, dtype: images.dtype))
  }
}
