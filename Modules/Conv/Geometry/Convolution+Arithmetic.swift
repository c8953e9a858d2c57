import Core

extension Convolution: WindowedLayer {
  public var windowExtents: [Int] { Array(weight.shape.dropFirst(2)) }

  /// [batch, filters, output…] for an input [batch, channels, space…], or both without the batch.
  ///
  /// ```
  /// output = ⌊(size + before + after − dilation · (kernel − 1) − 1) / stride⌋ + 1
  /// ```
  ///
  /// Traps where the layer itself would. Source: course document 001, question 3(a).
  public func outputShape(for input: Shape) -> Shape {
    let name = "Conv\(Over.rank)D"
    let shapes = "; input \(input), weight \(weight.shape)"
    let lead = leadingAxes(of: input, rank: Over.rank, in: name, context: shapes)
    checkGroups(
      channels: input[lead], of: weight.shape[1] * groups, filters: weight.shape[0],
      groups: groups, in: name, shapes: shapes)
    let axes = windows.axes(
      of: Array(input.dropFirst(lead + 1)), kernel: windowExtents, in: name, context: shapes)
    return Shape(Array(input.prefix(lead)) + [weight.shape[0]] + axes.map(\.output))
  }

  /// How many products a plain sum takes for an input of a shape: one for each tap of each window,
  /// those on padding included.
  ///
  /// ```
  /// output elements · (channels / groups) · kernel
  /// ```
  public func multiplyAdds(for input: Shape) -> Int {
    outputShape(for: input).elementCount * (weight.shape.elementCount / weight.shape[0])
  }
}

extension TransposedConvolution {
  /// [batch, outputs, space…] for an input [batch, inputs, space…], or both without the batch.
  ///
  /// ```
  /// (size − 1) · stride + dilation · (kernel − 1) + 1 − before − after + outputPadding
  /// ```
  ///
  /// Traps where the layer itself would.
  public func outputShape(for input: Shape) -> Shape {
    let name = "TransposedConv\(Over.rank)D"
    let shapes = "; input \(input), weight \(weight.shape)"
    let lead = leadingAxes(of: input, rank: Over.rank, in: name, context: shapes)
    let outputs = weight.shape[1] * groups
    checkGroups(
      channels: input[lead], of: weight.shape[0], filters: outputs, groups: groups, in: name,
      shapes: shapes)
    let axes = windows.transposedAxes(
      of: Array(input.dropFirst(lead + 1)), kernel: Array(weight.shape.dropFirst(2)),
      outputPadding: outputPadding, size: nil, in: name, context: shapes)
    return Shape(Array(input.prefix(lead)) + [outputs] + axes.map(\.size))
  }

  /// How many products a plain sum takes for an input of a shape: one for each element of the input
  /// and each tap of its kernels, those that fall on padding included.
  public func multiplyAdds(for input: Shape) -> Int {
    // Traps if the input does not fit.
    _ = outputShape(for: input)
    return input.elementCount * (weight.shape.elementCount / weight.shape[0])
  }
}

extension DepthwiseSeparableConvolution {
  /// [batch, filters, output…] for an input [batch, channels, space…].
  public func outputShape(for input: Shape) -> Shape {
    pointwise.outputShape(for: depthwise.outputShape(for: input))
  }

  /// How many products a plain sum takes for an input of a shape.
  public func multiplyAdds(for input: Shape) -> Int {
    depthwise.multiplyAdds(for: input)
      + pointwise.multiplyAdds(for: depthwise.outputShape(for: input))
  }
}

extension SpatiallySeparableConv2D {
  /// [batch, filters, height, width] for an input [batch, channels, height, width].
  public func outputShape(for input: Shape) -> Shape {
    horizontal.outputShape(for: vertical.outputShape(for: input))
  }

  /// How many products a plain sum takes for an input of a shape.
  public func multiplyAdds(for input: Shape) -> Int {
    vertical.multiplyAdds(for: input)
      + horizontal.multiplyAdds(for: vertical.outputShape(for: input))
  }
}

/// 1 for a shape [batch, channels, space…], 0 for one without the batch.
func leadingAxes(
  of input: Shape, rank: Int, in operation: String, context: @autoclosure () -> String
) -> Int {
  require(
    input.count == rank + 2 || input.count == rank + 1,
    "\(operation): the input is not [batch, channels, space…] with \(rank) axes of space\(context())"
  )
  return input.count - rank - 1
}
