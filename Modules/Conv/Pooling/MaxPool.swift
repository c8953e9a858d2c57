import Core

/// The greatest element of each window.
///
/// ```
/// y[n, c, o] = max_j x[n, c, o · stride + j · dilation − before]
/// ```
///
/// over the taps j that fall inside x: padding never wins. A NaN wins over every number. The
/// gradient of an output goes to the element that it is, the first of equals in row-major order.
///
/// ```swift
/// let y = maxPool(x, kernel: 2)              // [batch, 32, 28, 28] → [batch, 32, 14, 14]
/// ```
///
/// - Parameters:
///   - x: [batch, channels, space…] with one, two or three axes of space; or without the batch,
///     where `kernel` lists a number for each axis of space and so tells how many there are.
///   - stride: From one window to the next; by default the kernel, so that windows lie side by
///     side.
///   - roundsUp: Whether a last window that the border cuts off counts too.
/// - Returns: [batch, channels, output…].
///
/// Traps when the kernel is larger than the padded input, or a window would see padding alone.
public func maxPool(
  _ x: Tensor, kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .valid,
  dilation: PerAxis = 1, roundsUp: Bool = false
) -> Tensor {
  let windows = Windows(stride: stride ?? kernel, padding: padding, dilation: dilation)
  return maxPool(
    x, rank: kernel.rank, kernel: kernel, windows, roundsUp: roundsUp, in: "maxPool")
}

/// ``maxPool(_:kernel:stride:padding:dilation:roundsUp:)`` and where each maximum is.
///
/// - Returns: The values, and as `int64` of the same shape the row-major position of each in its
///   channel's space, which ``maxUnpool(_:indices:size:)`` takes back.
public func maxPoolWithIndices(
  _ x: Tensor, kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .valid,
  dilation: PerAxis = 1, roundsUp: Bool = false
) -> (values: Tensor, indices: Tensor) {
  let windows = Windows(stride: stride ?? kernel, padding: padding, dilation: dilation)
  let (planes, axes) = pooling(
    x, rank: kernel.rank, kernel: kernel, windows, roundsUp: roundsUp, in: "maxPoolWithIndices")
  return maximumAndPlaces(x, planes, axes)
}

/// Zeros with the values at the positions that a maximum pooling found them at.
///
/// Where windows overlap, several values may have one position: the last in row-major order counts,
/// and the others have gradient 0.
///
/// - Parameters:
///   - values: [batch, channels, space…], or without the batch.
///   - indices: Row-major positions in a channel's space, in the shape of `values`.
///   - size: The extents of space of the result, those of the pooling's input.
/// - Returns: [batch, channels, size…].
///
/// Traps when the shapes differ or an index is outside 0..<product of `size`.
public func maxUnpool(_ values: Tensor, indices: Tensor, size: [Int]) -> Tensor {
  let planes = Planes(values, rank: size.count, in: "maxUnpool")
  require(
    values.shape == indices.shape,
    "maxUnpool: the values have shape \(values.shape), the indices \(indices.shape)")
  require(size.allSatisfy { $0 > 0 }, "maxUnpool: the size \(size) is empty")
  let volume = size.reduce(1, *)
  let winners = lastAtEachPlace(
    indices, planes: planes.count, each: planes.size.reduce(1, *), volume: volume)
  let taken = values.flattened().gathered(at: Tensor(winners.sources))
  return Tensor.zeros([planes.count * volume], dtype: values.dtype)
    .adding(taken, at: Tensor(winners.places)).reshaped(planes.shape(size))
}

/// The values that count, as positions among all of them, and the place of each among all planes.
private func lastAtEachPlace(_ indices: Tensor, planes: Int, each: Int, volume: Int)
  -> (sources: [Int64], places: [Int64])
{
  var last = [Int64](repeating: -1, count: planes * volume)
  require(
    indices.dtype == .int32 || indices.dtype == .int64,
    "maxUnpool: the indices must be integers, got \(indices.dtype)")
  for (position, index) in indices.scalars(as: Int64.self).enumerated() {
    require(
      index >= 0 && index < volume,
      "maxUnpool: index \(index) at position \(position) is not within 0..<\(volume)")
    last[position / each * volume + Int(index)] = Int64(position)
  }
  let places = last.indices.filter { last[$0] >= 0 }
  return (places.map { last[$0] }, places.map(Int64.init))
}

func maxPool(
  _ x: Tensor, rank: Int?, kernel: PerAxis, _ windows: Windows, roundsUp: Bool,
  in operation: String
) -> Tensor {
  let (planes, axes) = pooling(
    x, rank: rank, kernel: kernel, windows, roundsUp: roundsUp, in: operation)
  return maximum(x, planes, axes)
}

/// The greatest element of each window, recorded.
func maximum(_ x: Tensor, _ planes: Planes, _ axes: [WindowAxis]) -> Tensor {
  guard x.isTracked else { return MaximumSelection.greatestAlone(x, planes, axes) }
  let (values, selection) = MaximumSelection.greatest(x, planes, axes)
  return values.recorded(from: x) { upstream, _ in selection.put(upstream) }
}

func maximumAndPlaces(_ x: Tensor, _ planes: Planes, _ axes: [WindowAxis])
  -> (values: Tensor, indices: Tensor)
{
  let (values, selection) = MaximumSelection.greatest(x, planes, axes)
  return (
    values.recorded(from: x) { upstream, _ in selection.put(upstream) }, selection.places()
  )
}

/// The planes of an input and the windows over them.
func pooling(
  _ x: Tensor, rank: Int?, kernel: PerAxis, _ windows: Windows, roundsUp: Bool,
  in operation: String
) -> (Planes, [WindowAxis]) {
  let planes = Planes(x, rank: rank, in: operation)
  let kernel = kernel.all(planes.rank, named: "kernel", in: operation)
  let axes = windows.poolingAxes(
    of: planes.size, kernel: kernel, roundsUp: roundsUp, in: operation,
    context: "; input \(x.shape), kernel \(kernel)")
  return (planes, axes)
}
