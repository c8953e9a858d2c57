import Core

/// Cuts pictures into squares and maps each to a vector: a picture becomes a sequence.
///
/// ```
/// y[n] = W · patch n + b,   n row by row from the top left
/// ```
///
/// It is a convolution whose stride is as large as its kernel, and the weight has a convolution's
/// shape; since no two windows overlap, it is done as one matrix product.
///
/// [Dosovitskiy et al. 2021]: https://arxiv.org/abs/2010.11929, section 3.1.
public struct PatchEmbedding: Layer, Sendable {
  /// W, [width, channels, patch height, patch width]
  public let weight: Parameter
  /// b, [width]
  public let bias: Parameter

  /// - Parameters:
  ///   - channels: Of the pictures.
  ///   - patch: The side of a square in pixels.
  ///   - width: Of the vectors.
  ///   - initializer: Draws the weight; the default is LeCun's normal. The bias starts at 0.
  public init(
    channels: Int, patch: Int, width: Int, initializer: Initializer = .lecunNormal
  ) {
    require(
      channels >= 1 && patch >= 1 && width >= 1,
      "PatchEmbedding: \(channels) channels in patches of \(patch) to \(width) features")
    weight = Parameter(
      initializer.tensor(
        [width, channels, patch, patch], inputs: channels * patch * patch, outputs: width))
    bias = Parameter(.zeros([width]))
  }

  /// [batch, channel, height, width] → [batch, patch, feature]
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      let (channels, patch) = (weight.shape[1], weight.shape[2])
      require(
        x.rank == 4 && x.shape[1] == channels && x.shape[2].isMultiple(of: patch)
          && x.shape[3].isMultiple(of: patch),
        "PatchEmbedding: pictures of shape \(x.shape); needs [batch, \(channels), height, width] of whole patches of \(patch)×\(patch)"
      )
      let (rows, columns) = (x.shape[2] / patch, x.shape[3] / patch)
      let patches = x.reshaped([x.shape[0], channels, rows, patch, columns, patch])
        .permuted([0, 2, 4, 1, 3, 5])  // [batch, row, column, channel, height, width]
        .reshaped([x.shape[0], rows * columns, channels * patch * patch])
      return linear(
        patches, weight: weight.value.flattened(from: 1), bias: bias.value)
    }
  }
}
