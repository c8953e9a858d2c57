import Core

/// A code with zeros between its elements and around them, so that an ordinary convolution of it with
/// the flipped kernel, at stride 1, is the transposed convolution.
///
/// ```
/// transposedConvolution(z, w, stride: s) = crossCorrelation(z′, flipped w)
/// z′ = (stride − 1) zeros between neighbours of z, dilation · (kernel − 1) zeros around
/// ```
///
/// This is the picture of course document 000, questions 5 and 6: for a 2×2 code and a 2×2 kernel, z′
/// is 4×4 at stride 1 and 5×5 at stride 2.
///
/// - Parameters:
///   - z: [batch, filters, space…].
///   - kernel: The extents of the kernel.
/// - Returns: [batch, filters, larger space…].
public func interleavedCode(
  _ z: Tensor, kernel: PerAxis, stride: PerAxis = 1, dilation: PerAxis = 1
) -> Tensor {
  require(
    z.rank >= 3, "interleavedCode: a code of shape \(z.shape) is not [batch, filters, space…]")
  var result = z
  let rank = z.rank - 2
  for axis in 0..<rank {
    let name = "interleavedCode"
    let step = stride.value(axis, of: rank, named: "stride", in: name)
    let margin =
      dilation.value(axis, of: rank, named: "dilation", in: name)
      * (kernel.value(axis, of: rank, named: "kernel", in: name) - 1)
    require(step > 0 && margin >= 0, "\(name): stride and kernel must be positive")
    let count = z.shape[axis + 2]
    let places = Tensor((0..<count).map { Int64(margin + $0 * step) })
    var shape = result.shape
    shape[axis + 2] = max(count - 1, 0) * step + min(count, 1) + 2 * margin
    result = Tensor.zeros(shape, dtype: z.dtype).adding(result, at: places, along: axis + 2)
  }
  return result
}

/// The kernel of the decoder as an ordinary convolution of ``interleavedCode(_:kernel:stride:dilation:)``:
/// that of the encoder with the two channel axes swapped, [channels, filters, kernel…], and flipped in
/// space.
public func decoderKernel(of weight: Tensor) -> Tensor {
  flippedInSpace(weight).transposed(0, 1)
}
