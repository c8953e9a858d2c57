import Attention
import Core

/// A vision transformer on pictures given as rows of pixels.
struct PictureTransformer: Layer, Sendable {
  let mean: Buffer
  let deviation: Buffer
  let transformer: VisionTransformer
  /// Height and width of the pictures.
  let size: [Int]
  let patch: Int

  /// - Parameter pixels: Pictures to learn from; their mean and deviation become 0 and 1.
  init(
    size: [Int], classes: Int, patch: Int, width: Int, depth: Int, heads: Int,
    pooling: VisionTransformer.Pooling, dropout: Double, pixels: Tensor
  ) {
    self.size = size
    self.patch = patch
    mean = Buffer(pixels.mean())
    deviation = Buffer(maximum(sqrt(pixels.variance()), Tensor(0.05)))
    transformer = VisionTransformer(
      imageSize: size, channels: 1, patch: patch, classes: classes, width: width, depth: depth,
      heads: heads, hidden: 2 * width, pooling: pooling, dropout: dropout,
      // As loud as the patches from the start, or places take long to be told apart.
      positionInitializer: .normal(deviation: 0.7))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [batch, pixel] → [batch, class]
    transformer(pictures(x))
  }

  /// How much each pixel was looked at in each layer, the most as 1: the mean over heads of what the
  /// class token sees, or of what all patches see where there is none.
  ///
  /// - Returns: For each layer, [batch, height, width].
  func attentionMaps(_ x: Tensor) -> [Tensor] {
    let (rows, columns) = (size[0] / patch, size[1] / patch)
    return transformer.withWeights(pictures(x)).weights.map { weights in
      let mean = weights.mean(along: 1)  // [batch, query, key]
      let seen =
        transformer.classToken == nil ? mean.mean(along: 1) : mean[.all, 0, 1...]
      let most = seen.maximum(along: 1, keepingAxes: true)
      return (seen / most).reshaped([x.shape[0], rows, columns])
        .repeated(patch, along: 1).repeated(patch, along: 2)
    }
  }

  private func pictures(_ x: Tensor) -> Tensor {
    ((x - mean.value) / deviation.value).reshaped([x.shape[0], 1, size[0], size[1]])
  }
}

/// What `--pooling` names.
enum PoolingName: String, CaseIterable {
  case token, mean

  var pooling: VisionTransformer.Pooling { self == .token ? .classToken : .mean }
}
