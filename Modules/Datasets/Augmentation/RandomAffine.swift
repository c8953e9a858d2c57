import Core
import Foundation

/// Turns, scales and moves pictures about their centre, each by its own, evenly distributed, amount.
///
/// A pixel of the result at p, seen from the centre, shows what was at
///
/// ```
/// R(−angle) (p − shift) / scale
/// ```
///
/// interpolated between the four pixels around it. Positive angles turn clockwise, as rows are
/// counted from the top.
public struct RandomAffine: Augmentation {
  /// The range of angles, in degrees.
  public var degrees: ClosedRange<Double>
  /// The range of scales; above 1 enlarges.
  public var scale: ClosedRange<Double>
  /// The most that pictures move in each direction, in pixels.
  public var shift: Double
  /// The value of pixels outside the picture.
  public var fill: Double

  /// Turns up to ±degrees, scales within a range, shifts up to a fraction.
  public init(
    degrees: ClosedRange<Double> = 0...0, scale: ClosedRange<Double> = 1...1, shift: Double = 0,
    fill: Double = 0
  ) {
    require(scale.lowerBound > 0, "RandomAffine: the scale \(scale.lowerBound) is not positive")
    require(shift >= 0, "RandomAffine: the shift \(shift) is negative")
    self.degrees = degrees
    self.scale = scale
    self.shift = shift
    self.fill = fill
  }

  public func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor {
    requireImages(images, in: "RandomAffine")
    let maps = (0..<images.shape[0]).map { _ in
      let angle = Double.random(in: degrees, using: &generator) * .pi / 180
      let scale = Double.random(in: scale, using: &generator)
      return AffineMap(
        cosine: cos(angle) / scale, sine: sin(angle) / scale,
        shiftX: Double.random(in: -shift...shift, using: &generator),
        shiftY: Double.random(in: -shift...shift, using: &generator))
    }
    return resampled(images, maps, fill: fill)
  }
}

/// Turns pictures about their centre, each by its own, evenly distributed, angle.
public struct RandomRotation: Augmentation {
  /// The largest angle in either direction, in degrees.
  public var degrees: Double
  /// The value of pixels outside the picture.
  public var fill: Double

  /// Turns by an angle within ±degrees; `fill` (default: 0) comes in at the borders.
  public init(degrees: Double, fill: Double = 0) {
    require(degrees >= 0, "RandomRotation: the largest angle \(degrees) is negative")
    self.degrees = degrees
    self.fill = fill
  }

  public func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor {
    RandomAffine(degrees: -degrees...degrees, fill: fill)(images, using: &generator)
  }
}
