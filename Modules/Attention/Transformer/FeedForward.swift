import Activations
import Core

/// The function between the two affine maps of a ``FeedForward``.
///
/// ```swift
/// TransformerConfiguration(width: 64, heads: 4, activation: .gelu)
/// TransformerConfiguration(width: 64, heads: 4, activation: .init { mish($0) })
/// ```
public struct FeedForwardActivation: Sendable {
  /// What the matrix product does while it writes its result.
  let fused: Activation
  /// What is done to the result.
  let function: (@Sendable (Tensor) -> Tensor)?

  /// Any function that keeps the shape.
  public init(_ function: @escaping @Sendable (Tensor) -> Tensor) {
    fused = .identity
    self.function = function
  }

  private init(fused: Activation) {
    self.fused = fused
    function = nil
  }

  /// max(0, x), as in the first transformer.
  public static let relu = FeedForwardActivation(fused: .relu)
  /// x Φ(x), as in BERT and the vision transformer.
  public static let gelu = FeedForwardActivation { Activations.gelu($0) }
  /// x Φ(x) by a hyperbolic tangent, as in GPT-2.
  public static let geluTanh = FeedForwardActivation { Activations.gelu($0, approximate: .tanh) }
  /// x σ(x).
  public static let silu = FeedForwardActivation { Activations.silu($0) }
}

/// Two affine maps with an activation between, for each place by itself.
///
/// ```
/// y = W₂ φ(W₁ x + b₁) + b₂
/// ```
///
/// In training mode elements of φ(…) are dropped.
///
/// [Vaswani et al. 2017]: https://arxiv.org/abs/1706.03762, section 3.3.
public struct FeedForward: Layer, Sendable {
  /// W₁ and b₁.
  public let hidden: Dense
  /// W₂ and b₂.
  public let output: Dense
  /// What is between the two products.
  public let activation: FeedForwardActivation
  /// The probability of dropping, while training.
  public let dropoutProbability: Double

  /// - Parameters:
  ///   - width: Of what comes in and goes out.
  ///   - hidden: Of what is between.
  ///   - activation: φ; the rectifier by default.
  ///   - dropout: That an element between is dropped in training mode; 0 by default.
  ///   - hasBias: Whether b₁ and b₂ are there; the default is that they are.
  public init(
    _ width: Int, hidden: Int, activation: FeedForwardActivation = .relu, dropout: Double = 0,
    hasBias: Bool = true
  ) {
    requireProbability(dropout, in: "FeedForward")
    self.hidden = Dense(width, hidden, activation: activation.fused, hasBias: hasBias)
    output = Dense(hidden, width, hasBias: hasBias)
    self.activation = activation
    dropoutProbability = dropout
  }

  /// [batch…, width] → [batch…, width]
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      let between = hidden(x)
      return output(
        droppedInTraining(
          activation.function?(between) ?? between, probability: dropoutProbability))
    }
  }
}

/// Dropout in training mode, nothing in inference.
func droppedInTraining(_ x: Tensor, probability: Double) -> Tensor {
  probability > 0 && Mode.current == .training ? dropout(x, probability: probability) : x
}
