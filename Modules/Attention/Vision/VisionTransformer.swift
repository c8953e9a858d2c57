import Core
import Normalization

/// A transformer that reads a picture as a sequence of patches.
///
/// ```
/// z₀ = [class; E patch₁; …; E patchₙ] + positions
/// z  = encoder(z₀),   logits = W z[class] + b
/// ```
///
/// ```swift
/// let model = VisionTransformer(
///   imageSize: [28, 28], channels: 1, patch: 7, classes: 10, width: 64, depth: 4, heads: 4)
/// let logits = model(pictures)                  // [batch, 1, 28, 28] → [batch, 10]
/// ```
///
/// Layers normalise before, the activation is the Gaussian error linear unit, and a normalisation
/// follows the last layer. ``torchvisionName(of:)`` and ``timmName(of:)`` have the names of
/// parameters in files of those libraries.
///
/// [Dosovitskiy et al. 2021]: https://arxiv.org/abs/2010.11929; course document 004, question 4.
public struct VisionTransformer: Layer, Sendable {
  /// What of the sequence goes to the classifier.
  public enum Pooling: Sendable {
    /// A trained vector put before the patches.
    case classToken
    /// The mean over the patches.
    case mean
  }

  /// From pictures to patches.
  public let patches: PatchEmbedding
  /// [1, 1, width], 0 at first; `nil` where patches are averaged.
  public let classToken: Parameter?
  /// [1, class token and patches, width]
  public let positions: Parameter
  /// The transformer over patches.
  public let encoder: TransformerEncoder
  /// From the pooled state to logits; its weight starts at 0.
  public let head: Dense
  private let pictureShape: Shape
  private let dropoutProbability: Double

  /// - Parameters:
  ///   - imageSize: Height and width in pixels: multiples of `patch`.
  ///   - channels: 3 by default.
  ///   - patch: The side of a patch in pixels.
  ///   - classes: How many logits there are.
  ///   - width: Of every patch's vector.
  ///   - depth: How many layers there are.
  ///   - heads: Of attention.
  ///   - hidden: Of the feed-forward parts; four times the width by default.
  ///   - pooling: The class token by default.
  ///   - dropout: In training mode, of attention's weights, within the feed-forward parts, of what
  ///     each part gives and of the sum with the positions; 0 by default.
  ///   - positionInitializer: Draws the positions; normal with deviation 0.02 by default. A small
  ///     network with few steps of training learns sooner from larger ones.
  public init(
    imageSize: [Int], channels: Int = 3, patch: Int, classes: Int, width: Int, depth: Int,
    heads: Int, hidden: Int? = nil, pooling: Pooling = .classToken, dropout: Double = 0,
    positionInitializer: Initializer = .normal(deviation: 0.02)
  ) {
    require(
      imageSize.count == 2 && patch >= 1
        && imageSize.allSatisfy { $0 >= patch && $0.isMultiple(of: patch) },
      "VisionTransformer: pictures of \(imageSize) are not [height, width] of whole patches of \(patch)×\(patch)"
    )
    patches = PatchEmbedding(channels: channels, patch: patch, width: width)
    classToken = pooling == .classToken ? Parameter(.zeros([1, 1, width])) : nil
    let count = (imageSize[0] / patch) * (imageSize[1] / patch)
    positions = Parameter(
      positionInitializer.tensor(
        [1, count + (pooling == .classToken ? 1 : 0), width], inputs: count, outputs: width))
    encoder = TransformerEncoder(
      TransformerConfiguration(
        width: width, heads: heads, hidden: hidden, activation: .gelu, dropout: dropout,
        isPreNorm: true, epsilon: 1e-6),
      depth: depth)
    head = Dense(width, classes, initializer: .constant(0))
    pictureShape = [channels, imageSize[0], imageSize[1]]
    dropoutProbability = dropout
  }

  /// ViT-B/16 for pictures of 224×224: 86,567,656 parameters with 1,000 classes.
  public static func base16(classes: Int = 1000, dropout: Double = 0) -> VisionTransformer {
    VisionTransformer(
      imageSize: [224, 224], patch: 16, classes: classes, width: 768, depth: 12, heads: 12,
      dropout: dropout)
  }

  /// Logits: [batch, channel, height, width] → [batch, classes].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in head(pooled(encoder(sequence(x)))) }
  }

  /// The logits, and for each layer how much each place of the sequence looked at each:
  /// [batch, head, query, key]. The class token, if there, is place 0; patches follow row by row.
  public func withWeights(_ x: Tensor) -> (logits: Tensor, weights: [Tensor]) {
    let (states, weights) = encoder.withWeights(sequence(x))
    return (head(pooled(states)), weights)
  }

  /// [batch, time, feature]
  private func sequence(_ x: Tensor) -> Tensor {
    require(
      x.rank == 4 && Shape(x.shape.dropFirst()) == pictureShape,
      "VisionTransformer: pictures of shape \(x.shape); needs [batch, channel, height, width] with \(pictureShape)"
    )
    var places = patches(x)
    if let classToken {
      let token = classToken.value.broadcast(to: [x.shape[0], 1, places.shape[2]])
      places = concatenated([token.cast(to: places.dtype), places], along: 1)
    }
    return droppedInTraining(places + positions.value, probability: dropoutProbability)
  }

  private func pooled(_ states: Tensor) -> Tensor {
    classToken == nil ? states.mean(along: 1) : states[.all, 0]
  }
}
