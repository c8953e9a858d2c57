import Core

/// Attention by several heads at once, each with its own projections of query, key and value.
///
/// ```
/// headₕ = softmax(s Qₕ Kₕᵀ + mask) Vₕ,   Q = x_q W_Qᵀ + b_Q,   K = x_k W_Kᵀ + b_K,   V = x_v W_Vᵀ + b_V
/// y = concat(head₁, …, head_H) W_Oᵀ + b_O
/// ```
///
/// ```swift
/// let attention = MultiHeadAttention(256, heads: 8)
/// let y = attention(x, isCausal: true)              // [batch, time, 256] → the same
/// let z = attention(x, memory, memory)              // cross-attention
/// ```
///
/// Weights lie as in PyTorch's `nn.MultiheadAttention`; `pyTorchName(of:)` has the names. Unlike
/// there, masks are true where a query *may* see a key, and inputs are [batch, time, width].
///
/// [Vaswani et al. 2017]: https://arxiv.org/abs/1706.03762
public struct MultiHeadAttention: Layer, Sendable {
  /// W_Q, W_K and W_V one below the other, [width + 2 · key–value width, width]; `nil` where keys
  /// or values have a width of their own.
  public let inputWeight: Parameter?
  /// W_Q, [width, width], where ``inputWeight`` is `nil`.
  public let queryWeight: Parameter?
  /// W_K, [key–value width, width of the keys], where ``inputWeight`` is `nil`.
  public let keyWeight: Parameter?
  /// W_V, [key–value width, width of the values], where ``inputWeight`` is `nil`.
  public let valueWeight: Parameter?
  /// b_Q, b_K and b_V in a row, [width + 2 · key–value width], 0 at first.
  public let inputBias: Parameter?
  /// W_O and b_O.
  public let output: Dense
  /// Turns queries and keys for their places.
  public let rotary: RotaryPositions?
  /// Adds to the scores.
  public let positionBias: (any PositionBias)?

  /// Features of a token, heads of the query, and heads of keys and values.
  public let width, heads, keyValueHeads: Int
  /// The probability that a weight is dropped in training mode.
  public let dropout: Double

  /// - Parameters:
  ///   - width: Of queries and outputs: a multiple of `heads`.
  ///   - heads: The number of heads.
  ///   - keyValueHeads: The number of heads of key and value, a divisor of `heads`; the default is
  ///     as many.
  ///   - keyWidth: Of the keys that come in; the default is `width`.
  ///   - valueWidth: Of the values that come in; the default is `width`.
  ///   - hasBias: Whether the four projections have biases; the default is that they have.
  ///   - dropout: Of weights in training mode; the default is 0.
  ///   - rotary: Turns queries and keys of self-attention; the default is none.
  ///   - positionBias: Adds to the scores; the default is none.
  public init(
    _ width: Int, heads: Int, keyValueHeads: Int? = nil, keyWidth: Int? = nil,
    valueWidth: Int? = nil, hasBias: Bool = true, dropout: Double = 0,
    rotary: RotaryPositions? = nil, positionBias: (any PositionBias)? = nil
  ) {
    let shared = keyValueHeads ?? heads
    require(
      width > 0 && heads > 0 && width % heads == 0,
      "MultiHeadAttention: a width of \(width) is not divided evenly by \(heads) heads")
    require(
      shared > 0 && heads % shared == 0,
      "MultiHeadAttention: \(heads) heads cannot share \(shared) of key and value evenly")
    requireProbability(dropout, in: "MultiHeadAttention")
    require(
      rotary.map { $0.width <= width / heads } ?? true,
      "MultiHeadAttention: rotary positions are wider than a head's \(width / heads) features")
    let sharedWidth = shared * (width / heads)
    let (keyWidth, valueWidth) = (keyWidth ?? width, valueWidth ?? width)
    let all = width + 2 * sharedWidth
    func weight(_ outputs: Int, _ inputs: Int) -> Parameter {
      Parameter(
        Initializer.glorotUniform.tensor([outputs, inputs], inputs: inputs, outputs: outputs))
    }
    if keyWidth == width && valueWidth == width {
      inputWeight = weight(all, width)
      (queryWeight, keyWeight, valueWeight) = (nil, nil, nil)
    } else {
      inputWeight = nil
      queryWeight = weight(width, width)
      keyWeight = weight(sharedWidth, keyWidth)
      valueWeight = weight(sharedWidth, valueWidth)
    }
    inputBias = hasBias ? Parameter(.zeros([all])) : nil
    output = Dense(width, width, hasBias: hasBias)
    self.rotary = rotary
    self.positionBias = positionBias
    (self.width, self.heads, self.keyValueHeads) = (width, heads, shared)
    self.dropout = dropout
  }

  /// Features of a head.
  public var headWidth: Int { width / heads }

  /// Self-attention without masks.
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, isCausal: false) }

  /// Self-attention.
  ///
  /// - Parameters:
  ///   - x: [batch…, time, width].
  ///   - mask: Broadcasts to [batch…, head, query, key]; bool (true: may be seen) or added.
  ///   - padding: Bool, [batch…, key], true where a key is no padding.
  ///   - isCausal: Whether only keys no later than the query are seen.
  /// - Returns: The shape of `x`.
  public func callAsFunction(
    _ x: Tensor, mask: Tensor? = nil, padding: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    reported(self, x) { x in
      selfAttended(x, AttentionMasks(mask, padding, isCausal))
    }
  }

  /// Attention of one sequence to another.
  ///
  /// - Parameters:
  ///   - query: [batch…, query, width].
  ///   - key: [batch…, key, width of the keys].
  ///   - value: [batch…, key, width of the values].
  ///   - mask: Broadcasts to [batch…, head, query, key]; bool (true: may be seen) or added.
  ///   - padding: Bool, [batch…, key], true where a key is no padding.
  ///   - isCausal: Whether only keys no later than the query are seen.
  /// - Returns: The shape of `query`.
  public func callAsFunction(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, padding: Tensor? = nil,
    isCausal: Bool = false
  ) -> Tensor {
    reported(self, query) { query in
      merged(attended(projected(query, key, value), AttentionMasks(mask, padding, isCausal)))
    }
  }

  /// Causal self-attention of the tokens that follow those in the cache, which then holds them too.
  ///
  /// One call for each token, or for several, gives what one call for all of them with `isCausal`
  /// does.
  ///
  /// - Parameters:
  ///   - x: [batch…, new time, width].
  ///   - cache: Empty before the first.
  ///   - padding: Bool, [batch…, key], over the cached and the new keys.
  public func callAsFunction(
    _ x: Tensor, cache: inout KeyValueCache, padding: Tensor? = nil
  ) -> Tensor {
    let first = cache.count
    var heads = selfProjected(x, from: first)
    cache.append(heads.key, heads.value)
    (heads.key, heads.value) = (cache.keys!, cache.values!)
    return merged(attended(heads, AttentionMasks(nil, padding, true, firstQuery: first)))
  }

  /// Keys and values of a sequence that several calls attend to, as a decoder's do to what was
  /// encoded.
  ///
  /// - Parameters:
  ///   - key: [batch…, key, width of the keys].
  ///   - value: [batch…, key, width of the values].
  public func cache(key: Tensor, value: Tensor) -> KeyValueCache {
    var cache = KeyValueCache()
    cache.append(
      split(project(key, .key), keyValueHeads), split(project(value, .value), keyValueHeads))
    return cache
  }

  /// Attention to the keys and values of ``cache(key:value:)``.
  public func callAsFunction(
    _ query: Tensor, to cache: KeyValueCache, mask: Tensor? = nil, padding: Tensor? = nil
  ) -> Tensor {
    guard let keys = cache.keys, let values = cache.values else {
      trap("MultiHeadAttention: the cache is empty")
    }
    let heads = HeadTensors(query: split(project(query, .query), heads), key: keys, value: values)
    return merged(attended(heads, AttentionMasks(mask, padding, false)))
  }

  /// Attention with its weights.
  ///
  /// - Parameter averaged: Whether the mean over the heads is wanted; the default is each.
  /// - Returns: What the call without weights does, and the weights before dropout,
  ///   [batch…, head, query, key] or, averaged, [batch…, query, key].
  public func withWeights(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, padding: Tensor? = nil,
    isCausal: Bool = false, averaged: Bool = false
  ) -> (output: Tensor, weights: Tensor) {
    let heads = projected(query, key, value)
    let (operands, settings) = prepared(heads, AttentionMasks(mask, padding, isCausal))
    let weights = operands.plainWeights(settings)
    let mean = operands.plainMean(settings.dropped(weights))
    return (merged(mean), averaged ? weights.mean(along: -3) : weights)
  }

  /// Self-attention with its weights.
  public func withWeights(
    _ x: Tensor, mask: Tensor? = nil, padding: Tensor? = nil, isCausal: Bool = false,
    averaged: Bool = false
  ) -> (output: Tensor, weights: Tensor) {
    withWeights(x, x, x, mask: mask, padding: padding, isCausal: isCausal, averaged: averaged)
  }
}
