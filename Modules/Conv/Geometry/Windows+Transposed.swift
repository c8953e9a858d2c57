import Core

extension Windows {
  /// The size that each axis has after a transposed convolution.
  ///
  /// ```
  /// (size − 1) · stride + dilation · (kernel − 1) + 1 − before − after + outputPadding
  /// ```
  ///
  /// Traps when the padding leaves nothing.
  public func transposedOutputSize(
    of size: [Int], kernel: [Int], outputPadding: PerAxis = 0
  ) -> [Int] {
    transposedAxes(
      of: size, kernel: kernel, outputPadding: outputPadding, size: nil, in: "Windows"
    ).map(\.size)
  }

  /// The axes of the cross-correlation whose outputs have the sizes `outputs`; of those that do, the
  /// one for inputs of `size` if that is given.
  func transposedAxes(
    of outputs: [Int], kernel: [Int], outputPadding: PerAxis, size: [Int]?, in operation: String,
    context: @autoclosure () -> String = ""
  ) -> [WindowAxis] {
    require(
      size?.count ?? kernel.count == kernel.count,
      "\(operation): a size \(size ?? []) for \(kernel.count) axes of space\(context())")
    return kernel.indices.map { axis in
      let rank = kernel.count
      let natural =
        size?[axis]
        ?? transposedSize(
          axis, of: rank, output: outputs[axis], kernel: kernel[axis], outputPadding: outputPadding,
          in: operation, context: context())
      let result = resolved(
        axis, of: rank, size: natural, kernel: kernel[axis], in: operation, context: context())
      require(
        result.output == outputs[axis],
        "\(operation): a size of \(natural) along \(axisName(axis, of: rank)) has \(result.output) windows, not \(outputs[axis])\(context())"
      )
      return result
    }
  }

  private func transposedSize(
    _ axis: Int, of rank: Int, output: Int, kernel: Int, outputPadding: PerAxis,
    in operation: String, context: @autoclosure () -> String
  ) -> Int {
    let name = axisName(axis, of: rank)
    let stride = stride.value(axis, of: rank, named: "stride", in: operation)
    let dilation = dilation.value(axis, of: rank, named: "dilation", in: operation)
    let extra = outputPadding.value(axis, of: rank, named: "output padding", in: operation)
    require(output > 0, "\(operation): the input is empty along \(name)\(context())")
    require(
      extra >= 0 && extra < stride,
      "\(operation): the output padding \(extra) along \(name) is not less than the stride \(stride)\(context())"
    )
    if padding == .same {
      require(
        extra == 0, "\(operation): `.same` padding leaves no output padding to choose\(context())")
      return output * stride
    }
    // Other paddings do not depend on the size, so any that the kernel fits shows them.
    let reach = dilation * (kernel - 1)
    let padded = resolved(
      axis, of: rank, size: reach + 1, kernel: kernel, in: operation, context: context())
    let size = (output - 1) * stride + reach + 1 - padded.before - padded.after + extra
    require(
      size > 0,
      "\(operation): the padding leaves no output along \(name): (\(output) − 1) · \(stride) + \(reach) + 1 − \(padded.before) − \(padded.after) + \(extra) = \(size)\(context())"
    )
    return size
  }
}
