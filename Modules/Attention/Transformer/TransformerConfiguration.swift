import Core
import Normalization

/// What the layers of a transformer have in common.
///
/// ```swift
/// let settings = TransformerConfiguration(width: 256, heads: 8, dropout: 0.1, isPreNorm: true)
/// let encoder = TransformerEncoder(settings, depth: 6)
/// ```
public struct TransformerConfiguration: Sendable {
  /// Of every place's vector, and of the sum that runs through the layers.
  public var width: Int
  /// Of attention: a divisor of the width.
  public var heads: Int
  /// How many heads of key and value there are: a divisor of ``heads``.
  public var keyValueHeads: Int
  /// Of the feed-forward part, between its maps.
  public var hidden: Int
  /// Of the feed-forward part.
  public var activation: FeedForwardActivation
  /// That an element is dropped in training mode: attention's weights, and what each part gives.
  public var dropout: Double
  /// Whether each part's input is normalised, instead of the sum after it.
  public var isPreNorm: Bool
  /// ε of the normalisations.
  public var epsilon: Double
  /// Whether all maps and normalisations have biases.
  public var hasBias: Bool
  /// Turns queries and keys of self-attention for their places.
  public var rotary: RotaryPositions?

  /// - Parameters:
  ///   - hidden: The default is four times the width.
  ///   - keyValueHeads: The default is as many as there are heads.
  ///   - activation: The default is the rectifier.
  ///   - dropout: The default is 0.1.
  ///   - isPreNorm: The default is that the sum after each part is normalised.
  ///   - epsilon: The default is 10⁻⁵.
  ///   - hasBias: The default is that biases are there.
  ///   - rotary: The default is none.
  public init(
    width: Int, heads: Int, hidden: Int? = nil, keyValueHeads: Int? = nil,
    activation: FeedForwardActivation = .relu, dropout: Double = 0.1, isPreNorm: Bool = false,
    epsilon: Double = 1e-5, hasBias: Bool = true, rotary: RotaryPositions? = nil
  ) {
    self.width = width
    self.heads = heads
    self.hidden = hidden ?? 4 * width
    self.keyValueHeads = keyValueHeads ?? heads
    self.activation = activation
    self.dropout = dropout
    self.isPreNorm = isPreNorm
    self.epsilon = epsilon
    self.hasBias = hasBias
    self.rotary = rotary
  }

  func attention(isSelf: Bool = true) -> MultiHeadAttention {
    MultiHeadAttention(
      width, heads: heads, keyValueHeads: keyValueHeads, hasBias: hasBias, dropout: dropout,
      rotary: isSelf ? rotary : nil)
  }

  func feedForward() -> FeedForward {
    FeedForward(
      width, hidden: hidden, activation: activation, dropout: dropout, hasBias: hasBias)
  }

  func norm() -> LayerNormalization {
    LayerNormalization(width, epsilon: epsilon, hasShift: hasBias)
  }

  /// One part of a layer beside the sum that runs through:
  ///
  ///     x + f(norm(x)) before it is normalised, norm(x + f(x)) after
  func residual(
    _ x: Tensor, _ norm: LayerNormalization, _ part: (Tensor) -> Tensor
  ) -> Tensor {
    if isPreNorm { return x + droppedInTraining(part(norm(x)), probability: dropout) }
    return norm(x + droppedInTraining(part(x), probability: dropout))
  }
}
