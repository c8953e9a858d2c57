import Core
import Normalization

/// One layer of a transformer's encoder: each place looks at all, then thinks by itself.
///
/// ```
/// after:   y = norm(x + attention(x)),    z = norm(y + feedForward(y))
/// before:  y = x + attention(norm(x)),    z = y + feedForward(norm(y))
/// ```
///
/// ```swift
/// let layer = TransformerEncoderLayer(.init(width: 64, heads: 4))
/// let y = layer(x, padding: padding)                  // [batch, time, 64] → the same
/// ```
///
/// With `isCausal` it is a layer of a decoder-only model. Weights lie as in PyTorch's
/// `nn.TransformerEncoderLayer`; `pyTorchName(of:)` has the names. Masks are true where a query
/// *may* see a key.
///
/// [Vaswani et al. 2017]: https://arxiv.org/abs/1706.03762; normalised before: [Xiong et al. 2020]:
/// https://arxiv.org/abs/2002.04745
public struct TransformerEncoderLayer: Layer, Sendable {
  /// The attention of tokens to each other.
  public let attention: MultiHeadAttention
  /// The two products after attention.
  public let feedForward: FeedForward
  /// Beside the attention.
  public let attentionNorm: LayerNormalization
  /// Beside the feed-forward part.
  public let feedForwardNorm: LayerNormalization
  /// Sizes and options.
  public let configuration: TransformerConfiguration

  /// A layer with fresh weights.
  public init(_ configuration: TransformerConfiguration) {
    attention = configuration.attention()
    feedForward = configuration.feedForward()
    attentionNorm = configuration.norm()
    feedForwardNorm = configuration.norm()
    self.configuration = configuration
  }

  /// Every place sees every place.
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, isCausal: false) }

  /// - Parameters:
  ///   - x: [batch…, time, width].
  ///   - mask: Broadcasts to [batch…, head, query, key]; bool (true: may be seen) or added.
  ///   - padding: Bool, [batch…, key], true where a key is no padding.
  ///   - isCausal: Whether a place sees none later than itself.
  /// - Returns: The shape of `x`.
  public func callAsFunction(
    _ x: Tensor, mask: Tensor? = nil, padding: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    reported(self, x) { x in
      body(x) { attention($0, mask: mask, padding: padding, isCausal: isCausal) }
    }
  }

  /// The places that follow those in the cache, each seeing none later than itself.
  ///
  /// - Parameters:
  ///   - x: [batch…, new time, width].
  ///   - cache: Empty before the first.
  ///   - padding: Bool, [batch…, key], over the cached and the new keys.
  public func callAsFunction(
    _ x: Tensor, cache: inout KeyValueCache, padding: Tensor? = nil
  ) -> Tensor {
    body(x) { attention($0, cache: &cache, padding: padding) }
  }

  /// The result, and how much each place looked at each: [batch…, head, query, key].
  public func withWeights(
    _ x: Tensor, mask: Tensor? = nil, padding: Tensor? = nil, isCausal: Bool = false
  ) -> (output: Tensor, weights: Tensor) {
    var found: Tensor?
    let output = body(x) { x in
      let (output, weights) = attention.withWeights(
        x, mask: mask, padding: padding, isCausal: isCausal)
      found = weights
      return output
    }
    return (output, found!)
  }

  private func body(_ x: Tensor, _ attend: (Tensor) -> Tensor) -> Tensor {
    let heard = configuration.residual(x, attentionNorm, attend)
    return configuration.residual(heard, feedForwardNorm) { feedForward($0) }
  }
}
