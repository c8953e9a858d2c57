import Core

/// The transposed convolution: the adjoint of a cross-correlation in its input.
///
/// ```
/// ⟨w ⋆ x, z⟩ = ⟨x, wᵀ z⟩        for all x and z
/// output = (input − 1) · stride + dilation · (kernel − 1) + 1 − before − after + outputPadding
/// ```
///
/// Each element of z adds its multiple of the kernel to the output, `stride` apart. `padding` is that
/// of the cross-correlation it is the adjoint of, so it makes the output smaller: `.same` gives
/// input · stride, `.valid` the most. With z the code that an encoder made, it is the decoder of
/// course document 000, question 3.
///
/// - Parameters:
///   - z: [batch, inputs, space…], or without the batch.
///   - weight: [inputs, outputs / groups, kernel…], the layout of the cross-correlation's own weight.
///   - bias: [outputs].
///   - outputPadding: How many places of the output lie beyond the last window: a stride s takes
///     s input sizes to one, and this says which to go back to. Less than the stride.
/// - Returns: [batch, outputs, space…].
///
/// Traps when the shapes do not fit, when the groups do not divide the channels, or when the padding
/// leaves no output.
public func transposedConvolution(
  _ z: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: PerAxis = 1,
  padding: Padding = .valid, outputPadding: PerAxis = 0, dilation: PerAxis = 1, groups: Int = 1,
  activation: Activation = .identity, method: ConvolutionMethod = .fastest
) -> Tensor {
  transpose(
    z, weight, bias: bias, Windows(stride: stride, padding: padding, dilation: dilation),
    outputPadding: outputPadding, groups: groups, activation: activation, method: method,
    in: "transposedConvolution")
}

func transpose(
  _ z: Tensor, _ weight: Tensor, bias: Tensor?, _ windows: Windows, outputPadding: PerAxis,
  size: [Int]? = nil, groups: Int, activation: Activation, method: ConvolutionMethod,
  in operation: String
) -> Tensor {
  if z.rank == weight.rank - 1 {
    return transpose(
      z.expandingShape(at: 0), weight, bias: bias, windows, outputPadding: outputPadding,
      size: size, groups: groups, activation: activation, method: method, in: operation
    ).squeezed(0)
  }
  let channels = weight.rank > 1 ? weight.shape[1] * groups : 0
  checkOperands(z, weight, bias: bias, outputs: channels, in: operation)
  checkGroups(
    channels: z.shape[1], of: weight.shape[0], filters: channels, groups: groups, in: operation,
    shapes: shapes(z, weight))
  let axes = windows.transposedAxes(
    of: Array(z.shape.dropFirst(2)), kernel: Array(weight.shape.dropFirst(2)),
    outputPadding: outputPadding, size: size, in: operation, context: shapes(z, weight))
  let correlation = Correlation(
    channels: channels, filters: weight.shape[0], groups: groups, axes: axes, method: method)
  return correlation.transposed(z, weight, bias: bias, activation: activation)
}
