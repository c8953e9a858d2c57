import Core

/// The cross-correlation of a batch with filters: what networks call a convolution.
///
/// ```
/// y[n, f, o] = bias[f] + Σ_c Σ_j weight[f, c, j] x[n, c, o · stride + j · dilation − before]
/// ```
///
/// where x is 0 outside its borders, o runs over the windows (see ``Padding``), and c over the
/// channels of the filter's group. The kernel is not flipped; ``convolution(_:_:bias:stride:padding:dilation:groups:activation:method:)``
/// flips it.
///
/// - Parameters:
///   - x: [batch, channels, space…] with one, two or three axes of space, or without the batch.
///   - weight: [filters, channels / groups, kernel…].
///   - bias: [filters].
///   - groups: Into how many parts the channels and the filters are split; each filter sees the
///     channels of its part. As many groups as channels make it depthwise.
///   - activation: Applied to the result in the same pass.
///   - method: Whether algorithms that round more than a plain sum may be used.
/// - Returns: [batch, filters, output…], of the same dtype as the operands.
///
/// Traps when the shapes do not fit, when the groups do not divide channels and filters, when a
/// padding is negative or when a kernel is larger than the padded input. Working memory is bounded
/// and does not grow with the batch.
public func crossCorrelation(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: PerAxis = 1,
  padding: Padding = .valid, dilation: PerAxis = 1, groups: Int = 1,
  activation: Activation = .identity, method: ConvolutionMethod = .fastest
) -> Tensor {
  correlate(
    x, weight, bias: bias, Windows(stride: stride, padding: padding, dilation: dilation),
    groups: groups, activation: activation, method: method, in: "crossCorrelation")
}

/// The convolution of mathematics: the cross-correlation with the kernel flipped along each axis of
/// space.
///
/// ```
/// y[n, f, o] = Σ_c Σ_j weight[f, c, kernel − 1 − j] x[n, c, o · stride + j · dilation − before]
/// ```
///
/// In one dimension, with stride 1, `.full`, `.same` and `.valid` padding give what signal processing
/// calls so (course document 001, question 3(c)). Operands and traps are those of
/// ``crossCorrelation(_:_:bias:stride:padding:dilation:groups:activation:method:)``.
public func convolution(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: PerAxis = 1,
  padding: Padding = .valid, dilation: PerAxis = 1, groups: Int = 1,
  activation: Activation = .identity, method: ConvolutionMethod = .fastest
) -> Tensor {
  correlate(
    x, flippedInSpace(weight), bias: bias,
    Windows(stride: stride, padding: padding, dilation: dilation), groups: groups,
    activation: activation, method: method, in: "convolution")
}

/// A kernel, or any tensor [a, b, space…], turned around along its axes of space.
///
/// Flipping twice gives the tensor back. The decoder of a convolutional auto-encoder convolves with
/// the flipped kernel of its encoder (course document 000, question 5).
public func flippedInSpace(_ weight: Tensor) -> Tensor {
  require(
    weight.rank >= 3, "flippedInSpace: a tensor of shape \(weight.shape) has no axes of space")
  // Row-major order turned around is the order with each axis turned around.
  let flat = weight.flattened(from: 2)
  let order = Tensor((0..<flat.shape[2]).reversed().map(Int64.init))
  return flat.gathered(at: order, along: 2).reshaped(weight.shape)
}

func correlate(
  _ x: Tensor, _ weight: Tensor, bias: Tensor?, _ windows: Windows, groups: Int,
  activation: Activation, method: ConvolutionMethod, in operation: String
) -> Tensor {
  if x.rank == weight.rank - 1 {
    return correlate(
      x.expandingShape(at: 0), weight, bias: bias, windows, groups: groups,
      activation: activation, method: method, in: operation
    ).squeezed(0)
  }
  checkOperands(x, weight, bias: bias, outputs: weight.shape[0], in: operation)
  checkGroups(
    channels: x.shape[1], of: weight.shape[1] * groups, filters: weight.shape[0], groups: groups,
    in: operation, shapes: shapes(x, weight))
  let correlation = Correlation(
    channels: x.shape[1], filters: weight.shape[0], groups: groups,
    axes: windows.axes(
      of: Array(x.shape.dropFirst(2)), kernel: Array(weight.shape.dropFirst(2)), in: operation,
      context: shapes(x, weight)),
    method: method)
  return correlation.forward(x, weight, bias: bias, activation: activation)
}
