import Core

/// Covers a square of each picture, so that a model looks at all of it.
///
/// The square's centre is evenly distributed over the picture; at the rim part of it falls outside.
///
/// Source: [DeVries and Taylor 2017]: https://arxiv.org/abs/1708.04552
public struct RandomCutout: Augmentation {
  /// The side of the square in pixels.
  public var side: Int
  /// The value of covered pixels.
  public var fill: Double

  /// Fills a square of `side` pixels.
  public init(side: Int, fill: Double = 0) {
    require(side >= 0, "RandomCutout: the side \(side) is negative")
    self.side = side
    self.fill = fill
  }

  public func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor {
    requireImages(images, in: "RandomCutout")
    var result = images.detached
    let (height, width) = (images.shape[2], images.shape[3])
    guard images.count > 0 else { return result }
    for index in 0..<images.shape[0] {
      let top = Int.random(in: 0..<height, using: &generator) - side / 2
      let left = Int.random(in: 0..<width, using: &generator) - side / 2
      let rows = max(top, 0)..<max(min(top + side, height), 0)
      let columns = max(left, 0)..<max(min(left + side, width), 0)
      guard !rows.isEmpty, !columns.isEmpty else { continue }
      result[index, 0..<images.shape[1], rows, columns] = Tensor.full([], fill, dtype: images.dtype)
    }
    return result
  }
}
