import Core
import Normalization

/// A decoder-only transformer that says which token comes next.
///
/// ```swift
/// let model = TransformerLanguageModel(
///   vocabulary: 65, context: 128, .init(width: 128, heads: 4, isPreNorm: true), depth: 4)
/// let logits = model(tokens)                          // [batch, time] → [batch, time, 65]
/// var cache = model.emptyCache()
/// let next = model(tokens[.all, ..<1], cache: &cache) // the same, token by token
/// ```
///
/// Token vectors and positions are added, dropped out, put through causal layers and a final
/// normalisation, and compared with each token's vector.
///
/// [Radford et al. 2019]: GPT-2, whose shape is `isPreNorm: true` and `.geluTanh`.
public struct TransformerLanguageModel: Layer, Sendable {
  /// How a model knows its tokens' places.
  public enum Positions: Sendable {
    /// A trained vector for each place.
    case learned
    /// Fixed sinusoids.
    case sinusoidal
    /// Not at the input: by the configuration's rotary positions, or not at all.
    case none
  }

  /// Each token's vector: [vocabulary, width]
  public let embedding: Parameter
  /// Where positions are learned.
  public let positions: LearnedPositions?
  /// The layers between embedding and output.
  public let layers: TransformerEncoder
  /// From the last state to logits, [vocabulary, width]; `nil` where ``embedding`` does it.
  public let output: Dense?
  /// The most tokens that are looked at together.
  public let context: Int
  private let addsSinusoids: Bool
  private let dropoutProbability: Double

  /// - Parameters:
  ///   - vocabulary: The number of tokens.
  ///   - context: The most tokens that are looked at together.
  ///   - depth: How many layers there are.
  ///   - positions: Learned by default.
  ///   - tiesEmbedding: Whether the output compares with ``embedding``; the default is that it
  ///     does.
  public init(
    vocabulary: Int, context: Int, _ configuration: TransformerConfiguration, depth: Int,
    positions: Positions = .learned, tiesEmbedding: Bool = true
  ) {
    let width = configuration.width
    require(
      vocabulary >= 1 && context >= 1,
      "TransformerLanguageModel: \(vocabulary) tokens in a context of \(context)")
    embedding = Parameter(
      Initializer.normal(deviation: 0.02).tensor(
        [vocabulary, width], inputs: vocabulary, outputs: width))
    self.positions = positions == .learned ? LearnedPositions(context, width: width) : nil
    layers = TransformerEncoder(configuration, depth: depth)
    output =
      tiesEmbedding
      ? nil
      : Dense(width, vocabulary, hasBias: false, initializer: .normal(deviation: 0.02))
    self.context = context
    addsSinusoids = positions == .sinusoidal
    dropoutProbability = configuration.dropout
  }

  /// How many tokens there are.
  public var vocabulary: Int { embedding.shape[0] }

  /// The logits of the token after each: [batch…, time] → [batch…, time, vocabulary].
  ///
  /// - Parameter tokens: `int32` or `int64`; at most ``context`` in a row.
  public func callAsFunction(_ tokens: Tensor) -> Tensor {
    reported(self, tokens) { tokens in
      logits(layers(embedded(tokens, from: 0), isCausal: true))
    }
  }

  /// What a model remembers of the tokens so far.
  public struct Cache: Sendable {
    var layers: [KeyValueCache]
    /// How many tokens it has seen.
    public internal(set) var count = 0
  }

  /// What is remembered before the first token.
  public func emptyCache() -> Cache { Cache(layers: layers.emptyCaches()) }

  /// The logits of the token after each of those that follow what is in the cache.
  ///
  /// - Parameters:
  ///   - tokens: [batch…, new time]; with those in the cache at most ``context``.
  ///   - cache: Empty before the first; then it holds these too.
  /// - Returns: [batch…, new time, vocabulary], as the call for all tokens at once gives them.
  public func callAsFunction(_ tokens: Tensor, cache: inout Cache) -> Tensor {
    let states = layers(embedded(tokens, from: cache.count), caches: &cache.layers)
    cache.count += tokens.shape[tokens.rank - 1]
    return logits(states)
  }

  private func embedded(_ tokens: Tensor, from first: Int) -> Tensor {
    require(
      tokens.rank >= 1 && first + tokens.shape[tokens.rank - 1] <= context,
      "TransformerLanguageModel: tokens of shape \(tokens.shape) after \(first) exceed the context of \(context)"
    )
    let vectors = embedding.value.gathered(at: tokens)
    let width = embedding.shape[1]
    let scale = addsSinusoids ? Double(width).squareRoot() : 1
    let placed =
      positions.map { $0(vectors, from: first) }
      ?? (addsSinusoids ? SinusoidalPositions()(vectors * scale, from: first) : vectors)
    return droppedInTraining(placed, probability: dropoutProbability)
  }

  private func logits(_ states: Tensor) -> Tensor {
    output.map { $0(states) } ?? linear(states, weight: embedding.value)
  }
}
