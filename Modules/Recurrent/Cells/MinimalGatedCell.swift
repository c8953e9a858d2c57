import Core

/// The minimal gated unit: one gate that both forgets and resets.
///
/// ```
/// f = σ(W_f x + b_f + V_f h + d_f)
/// n = tanh(W_n x + b_n + V_n (f ⊙ h) + d_n)
/// h′ = (1 − f) ⊙ h + f ⊙ n
/// ```
///
/// The gates are the row blocks of `weights`, in this order.
///
/// [Zhou et al. 2016]: https://arxiv.org/abs/1603.09420
public struct MinimalGatedCell: RecurrentCell, Sendable {
  /// Two gates: forget, new.
  public let weights: CellWeights

  /// - Parameters:
  ///   - hasBias: Whether there are biases.
  ///   - initializer: Draws each gate's weights; the default is uniform ±1/√hidden.
  ///   - recurrentInitializer: Draws those of the state instead, such as `.orthogonal()`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, hasBias: Bool = true, initializer: Initializer? = nil,
    recurrentInitializer: Initializer? = nil
  ) {
    weights = CellWeights(
      inputSize, hiddenSize, gates: 2, hasBias: hasBias, initializer: initializer,
      recurrentInitializer: recurrentInitializer)
  }

  public func initialState(batch: Int) -> Tensor { .zeros([batch, weights.hiddenSize]) }

  public func step(_ x: Tensor, _ h: Tensor) -> (output: Tensor, state: Tensor) {
    let values = weights.values
    let ofInput = values.ofInput(x).split(count: 2, along: -1)
    let f = sigmoid(ofInput[0] + values.gates(0..<1, of: 2).ofState(h))
    let n = tanh(ofInput[1] + values.gates(1..<2, of: 2).ofState(f * h))
    let next = h + f * (n - h)
    return (next, next)
  }
}
