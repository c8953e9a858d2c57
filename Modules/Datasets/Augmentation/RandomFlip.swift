import Core

/// Mirrors pictures, each with some probability.
///
/// A mirrored coat is a coat; a mirrored digit is none.
public struct RandomFlip: Augmentation {
  /// The probability that left and right change places.
  public var horizontally: Double
  /// The probability that top and bottom change places.
  public var vertically: Double

  /// Mirrors with these probabilities, by default ½ and 0.
  public init(horizontally: Double = 0.5, vertically: Double = 0) {
    requireProbability(horizontally, in: "RandomFlip")
    requireProbability(vertically, in: "RandomFlip")
    self.horizontally = horizontally
    self.vertically = vertically
  }

  public func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor {
    requireImages(images, in: "RandomFlip")
    let placements = (0..<images.shape[0]).map { _ in
      Placement(
        flipsColumns: Double.random(in: 0..<1, using: &generator) < horizontally,
        flipsRows: Double.random(in: 0..<1, using: &generator) < vertically)
    }
    return placed(images, placements, height: images.shape[2], width: images.shape[3], fill: 0)
  }
}
