import Core
import Normalization

/// What goes into a transformer's decoder: the sequence that is made, and the one it is made from.
public struct DecoderInput: Sendable {
  /// [batch…, time, width]
  public let target: Tensor
  /// [batch…, memory time, width]
  public let memory: Tensor

  /// A target with the memory that it attends to.
  public init(_ target: Tensor, memory: Tensor) {
    self.target = target
    self.memory = memory
  }
}

/// Who sees whom in a transformer's decoder; by default all see all.
public struct DecoderMasks: Sendable {
  /// Of the target on itself: broadcasts to [batch…, head, query, key]; bool (true: may be seen) or
  /// added.
  public var mask: Tensor?
  /// Of the target on the memory, likewise.
  public var memoryMask: Tensor?
  /// Bool, [batch…, time], true where the target is no padding.
  public var padding: Tensor?
  /// Bool, [batch…, memory time], true where the memory is no padding.
  public var memoryPadding: Tensor?
  /// Whether a place of the target sees none later than itself.
  public var isCausal: Bool

  /// What is seen of target and memory; everything, unless told otherwise.
  public init(
    mask: Tensor? = nil, memoryMask: Tensor? = nil, padding: Tensor? = nil,
    memoryPadding: Tensor? = nil, isCausal: Bool = false
  ) {
    self.mask = mask
    self.memoryMask = memoryMask
    self.padding = padding
    self.memoryPadding = memoryPadding
    self.isCausal = isCausal
  }
}

/// Keys and values of one layer of a decoder, kept from token to token.
public struct DecoderCache: Sendable {
  /// Of the target so far.
  public internal(set) var target = KeyValueCache()
  /// Of the memory, made at the first token.
  public internal(set) var memory: KeyValueCache?

  /// A cache of nothing yet.
  public init() {}
}

/// One layer of a transformer's decoder: the target looks at itself, then at the memory, then
/// thinks by itself.
///
/// Each part is beside the sum that runs through, normalised before or after as in
/// ``TransformerEncoderLayer``. Weights lie as in PyTorch's `nn.TransformerDecoderLayer`;
/// `pyTorchName(of:)` has the names. Masks are true where a query *may* see a key.
///
/// [Vaswani et al. 2017]: https://arxiv.org/abs/1706.03762
public struct TransformerDecoderLayer: Layer, Sendable {
  /// The attention of tokens to each other.
  public let attention: MultiHeadAttention
  /// To the memory.
  public let memoryAttention: MultiHeadAttention
  /// The two products after attention.
  public let feedForward: FeedForward
  /// The normalisations of the three parts.
  public let attentionNorm, memoryNorm, feedForwardNorm: LayerNormalization
  /// Sizes and options.
  public let configuration: TransformerConfiguration

  /// A layer with fresh weights.
  public init(_ configuration: TransformerConfiguration) {
    attention = configuration.attention()
    memoryAttention = configuration.attention(isSelf: false)
    feedForward = configuration.feedForward()
    attentionNorm = configuration.norm()
    memoryNorm = configuration.norm()
    feedForwardNorm = configuration.norm()
    self.configuration = configuration
  }

  /// The target's places see none later than themselves, and all of the memory.
  public func callAsFunction(_ input: DecoderInput) -> Tensor {
    self(input, DecoderMasks(isCausal: true))
  }

  /// - Returns: [batch…, time, width].
  public func callAsFunction(_ input: DecoderInput, _ masks: DecoderMasks) -> Tensor {
    reported(self, input) { input in
      let memory = input.memory
      return body(input.target) {
        attention($0, mask: masks.mask, padding: masks.padding, isCausal: masks.isCausal)
      } attendMemory: {
        memoryAttention(
          $0, memory, memory, mask: masks.memoryMask, padding: masks.memoryPadding)
      }
    }
  }

  /// The places that follow those in the cache, each seeing none later than itself.
  ///
  /// - Parameters:
  ///   - input: The new places of the target, and the memory, which is read at the first call only.
  ///   - cache: Empty before the first.
  ///   - memoryPadding: Bool, [batch…, memory time], true where the memory is no padding.
  public func callAsFunction(
    _ input: DecoderInput, cache: inout DecoderCache, memoryPadding: Tensor? = nil
  ) -> Tensor {
    let memory =
      cache.memory ?? memoryAttention.cache(key: input.memory, value: input.memory)
    cache.memory = memory
    return body(input.target) {
      attention($0, cache: &cache.target)
    } attendMemory: {
      memoryAttention($0, to: memory, padding: memoryPadding)
    }
  }

  private func body(
    _ x: Tensor, _ attend: (Tensor) -> Tensor, attendMemory: (Tensor) -> Tensor
  ) -> Tensor {
    let heard = configuration.residual(x, attentionNorm, attend)
    let told = configuration.residual(heard, memoryNorm, attendMemory)
    return configuration.residual(told, feedForwardNorm) { feedForward($0) }
  }
}
