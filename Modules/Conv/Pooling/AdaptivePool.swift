import Core

// Windows that share each axis out evenly among the outputs that are asked for.

/// The mean of each of `output` windows that share the input out evenly.
///
/// ```
/// window o = ⌊o · size / output⌋ ..< ⌈(o + 1) · size / output⌉        along each axis
/// ```
///
/// Where the output does not divide the size, neighbours overlap.
///
/// - Parameters:
///   - x: [batch, channels, space…] with one, two or three axes of space; or without the batch,
///     where `output` lists a number for each axis of space and so tells how many there are.
///   - output: How many windows there are along each axis.
/// - Returns: [batch, channels, output…].
public func adaptiveAveragePool(_ x: Tensor, output: PerAxis) -> Tensor {
  adaptiveAveragePool(x, rank: output.rank, output: output, in: "adaptiveAveragePool")
}

/// The greatest element of each of `output` windows that share the input out evenly, as
/// ``adaptiveAveragePool(_:output:)`` does; ties and NaN as in
/// ``maxPool(_:kernel:stride:padding:dilation:roundsUp:)``.
public func adaptiveMaxPool(_ x: Tensor, output: PerAxis) -> Tensor {
  adaptiveMaxPool(x, rank: output.rank, output: output, in: "adaptiveMaxPool")
}

/// ``adaptiveMaxPool(_:output:)`` and the row-major position of each maximum in its channel's
/// space, as `int64`.
public func adaptiveMaxPoolWithIndices(_ x: Tensor, output: PerAxis)
  -> (values: Tensor, indices: Tensor)
{
  let (planes, axes) = adaptive(
    x, rank: output.rank, output: output, in: "adaptiveMaxPoolWithIndices")
  return maximumAndPlaces(x, planes, axes)
}

func adaptiveAveragePool(_ x: Tensor, rank: Int?, output: PerAxis, in operation: String) -> Tensor {
  let (_, axes) = adaptive(x, rank: rank, output: output, in: operation)
  return AxisMaps(axes.map { axis in axis.map { Double(axis.taps(of: $0).count) } }).apply(x)
}

func adaptiveMaxPool(_ x: Tensor, rank: Int?, output: PerAxis, in operation: String) -> Tensor {
  let (planes, axes) = adaptive(x, rank: rank, output: output, in: operation)
  return maximum(x, planes, axes)
}

private func adaptive(_ x: Tensor, rank: Int?, output: PerAxis, in operation: String)
  -> (Planes, [WindowAxis])
{
  let planes = Planes(x, rank: rank, in: operation)
  let output = output.all(planes.rank, named: "output", in: operation)
  require(
    output.allSatisfy { $0 > 0 } && planes.size.allSatisfy { $0 > 0 },
    "\(operation): \(output) windows over \(planes.size) places; both must be positive; input \(x.shape)"
  )
  return (planes, zip(planes.size, output).map { WindowAxis.adaptive(size: $0, output: $1) })
}
