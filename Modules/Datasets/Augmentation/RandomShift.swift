import Core

/// Moves pictures by whole pixels, each by its own, evenly distributed, way.
public struct RandomShift: Augmentation {
  /// The most pixels up or down.
  public var rows: Int
  /// The most pixels left or right.
  public var columns: Int
  /// The value of pixels that come in from outside.
  public var fill: Double

  /// Moves by up to `pixels` in each direction.
  public init(by pixels: Int, fill: Double = 0) {
    self.init(rows: pixels, columns: pixels, fill: fill)
  }

  /// Moves by up to so many rows and columns either way.
  public init(rows: Int, columns: Int, fill: Double = 0) {
    require(
      rows >= 0 && columns >= 0,
      "RandomShift: \(rows) rows and \(columns) columns; none is negative")
    self.rows = rows
    self.columns = columns
    self.fill = fill
  }

  public func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor {
    requireImages(images, in: "RandomShift")
    let placements = (0..<images.shape[0]).map { _ in
      Placement(
        top: Int.random(in: -rows...rows, using: &generator),
        left: Int.random(in: -columns...columns, using: &generator))
    }
    return placed(images, placements, height: images.shape[2], width: images.shape[3], fill: fill)
  }
}
