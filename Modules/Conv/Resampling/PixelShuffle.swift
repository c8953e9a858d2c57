import Core

/// Channels moved into space: each group of factor² channels becomes squares of factor × factor
/// places.
///
/// ```
/// y[n, c, h · r + i, w · r + j] = x[n, c · r² + i · r + j, h, w]        r = factor
/// ```
///
/// - Parameter x: [batch, channels · factor², height, width], or without the batch.
/// - Returns: [batch, channels, height · factor, width · factor].
///
/// Traps when factor² does not divide the channels. From [Shi et al. 2016].
public func pixelShuffle(_ x: Tensor, factor: Int) -> Tensor {
  let planes = Planes(x, rank: x.rank == 3 ? 2 : nil, in: "pixelShuffle")
  let (size, r) = (planes.size, factor)
  let channels = planes.leading[planes.leading.count - 1]
  require(
    planes.rank == 2 && r > 0 && channels % (r * r) == 0,
    "pixelShuffle: \(r)² does not divide \(channels) channels of images; input \(x.shape)")
  let batch = Array(planes.leading.dropLast())
  return x.reshaped([batch.reduce(1, *), channels / (r * r), r, r, size[0], size[1]])
    .permuted([0, 1, 4, 2, 5, 3])
    .reshaped(Shape(batch + [channels / (r * r), size[0] * r, size[1] * r]))
}

/// Space moved into channels, the inverse of ``pixelShuffle(_:factor:)``.
///
/// - Parameter x: [batch, channels, height · factor, width · factor], or without the batch.
/// - Returns: [batch, channels · factor², height, width].
///
/// Traps when the factor does not divide height and width.
public func pixelUnshuffle(_ x: Tensor, factor: Int) -> Tensor {
  let planes = Planes(x, rank: x.rank == 3 ? 2 : nil, in: "pixelUnshuffle")
  let (size, r) = (planes.size, factor)
  require(
    planes.rank == 2 && r > 0 && size.allSatisfy { $0 % r == 0 },
    "pixelUnshuffle: \(r) does not divide height and width \(size); input \(x.shape)")
  let channels = planes.leading[planes.leading.count - 1]
  let batch = Array(planes.leading.dropLast())
  return x.reshaped([batch.reduce(1, *), channels, size[0] / r, r, size[1] / r, r])
    .permuted([0, 1, 3, 5, 2, 4])
    .reshaped(Shape(batch + [channels * r * r, size[0] / r, size[1] / r]))
}
