import Core

/// Cuts a window out of each picture, at an evenly distributed place.
///
/// With padding it moves pictures: `RandomCrop(height: 32, width: 32, padding: 4)` of 32×32.
public struct RandomCrop: Augmentation {
  /// Rows of the part.
  public var height: Int
  /// Columns of the part.
  public var width: Int
  /// Pixels to add on each side first.
  public var padding: Int
  /// The value of those pixels.
  public var fill: Double

  /// Cuts out a part, after adding a border of `padding` (default: 0).
  public init(height: Int, width: Int, padding: Int = 0, fill: Double = 0) {
    require(
      height > 0 && width > 0 && padding >= 0,
      "RandomCrop: a window of \(height)×\(width) and a padding of \(padding)")
    self.height = height
    self.width = width
    self.padding = padding
    self.fill = fill
  }

  /// Traps when the window is larger than the padded pictures.
  public func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor {
    requireImages(images, in: "RandomCrop")
    let rows = images.shape[2] + 2 * padding - height
    let columns = images.shape[3] + 2 * padding - width
    require(
      rows >= 0 && columns >= 0,
      "RandomCrop: a window of \(height)×\(width) is larger than the pictures \(images.shape) with "
        + "a padding of \(padding)")
    let placements = (0..<images.shape[0]).map { _ in
      Placement(
        top: Int.random(in: 0...rows, using: &generator) - padding,
        left: Int.random(in: 0...columns, using: &generator) - padding)
    }
    return placed(images, placements, height: height, width: width, fill: fill)
  }
}
