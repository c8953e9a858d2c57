import Core

extension Tensor {
  /// A batch of pictures tiled into one, row by row.
  ///
  /// ```swift
  /// try ImageFile.write(batch.inputs.imageGrid(columns: 8), to: "batch.png")
  /// ```
  ///
  /// - Parameters:
  ///   - columns: Pictures in a row; by default as many as make the grid about square.
  ///   - gap: Pixels between pictures and around them.
  ///   - background: The value of the gaps and of places without a picture.
  /// - Returns: The grid, [channel, height, width], from this tensor's [batch, channel, height,
  ///   width]; the batch must not be empty.
  public func imageGrid(columns: Int? = nil, gap: Int = 1, background: Double = 0) -> Tensor {
    require(
      rank == 4 && count > 0,
      "imageGrid: pictures are [batch, channel, height, width] and not empty; these are \(shape)")
    let (batch, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let columns = columns ?? Int(Double(batch).squareRoot().rounded(.up))
    require(columns > 0, "imageGrid: \(columns) columns")
    require(gap >= 0, "imageGrid: the gap \(gap) is negative")
    let rows = (batch + columns - 1) / columns
    let across = Swift.min(columns, batch)
    var result = Tensor.full(
      [channels, rows * (height + gap) + gap, across * (width + gap) + gap], background,
      dtype: dtype)
    for index in 0..<batch {
      let top = gap + index / columns * (height + gap)
      let left = gap + index % columns * (width + gap)
      result[0..<channels, top..<top + height, left..<left + width] = self[index].detached
    }
    return result
  }
}
