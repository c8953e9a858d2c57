import Core

/// The gated recurrent unit.
///
/// ```
/// r = σ(W_r x + b_r + V_r h + d_r)             reset gate
/// z = σ(W_z x + b_z + V_z h + d_z)             update gate
/// n = tanh(W_n x + b_n + r ⊙ (V_n h + d_n))    new state,  .resetAfter (PyTorch's)
/// n = tanh(W_n x + b_n + V_n (r ⊙ h) + d_n)                .resetBefore (the original)
/// h′ = (1 − z) ⊙ n + z ⊙ h
/// ```
///
/// The gates are the row blocks of `weights`, in this order, which is PyTorch's. Resetting after the
/// product lets one product with the state serve all three gates.
///
/// [Cho et al. 2014]: https://arxiv.org/abs/1406.1078
public struct GRUCell: RecurrentCell, Sendable {
  /// Where the reset gate acts.
  public enum Form: Sendable {
    /// On the product with the state, as in PyTorch.
    case resetAfter
    /// On the state before the product, as in the paper.
    case resetBefore
  }

  /// Three gates: reset, update, new.
  public let weights: CellWeights
  /// Where the reset gate acts.
  public let form: Form

  /// - Parameters:
  ///   - form: Where the reset gate acts; the default is PyTorch's, after the product.
  ///   - hasBias: Whether there are biases.
  ///   - initializer: Draws each gate's weights; the default is PyTorch's uniform ±1/√hidden.
  ///   - recurrentInitializer: Draws those of the state instead, such as `.orthogonal()`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, form: Form = .resetAfter, hasBias: Bool = true,
    initializer: Initializer? = nil, recurrentInitializer: Initializer? = nil
  ) {
    weights = CellWeights(
      inputSize, hiddenSize, gates: 3, hasBias: hasBias, initializer: initializer,
      recurrentInitializer: recurrentInitializer)
    self.form = form
  }

  public func initialState(batch: Int) -> Tensor { .zeros([batch, weights.hiddenSize]) }

  public func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) {
    if !isRecording(), let next = fusedStep(x, state) {
      return (next, next)
    }
    let next = Self.step(x, state, weights.values, form)
    return (next, next)
  }

  /// The formula itself.
  static func step(_ x: Tensor, _ h: Tensor, _ weights: CellValues, _ form: Form) -> Tensor {
    let ofInput = weights.ofInput(x).split(count: 3, along: -1)
    let update: Tensor
    let new: Tensor
    switch form {
    case .resetAfter:
      let ofState = weights.ofState(h).split(count: 3, along: -1)
      update = sigmoid(ofInput[1] + ofState[1])
      new = tanh(ofInput[2] + sigmoid(ofInput[0] + ofState[0]) * ofState[2])
    case .resetBefore:
      let ofState = weights.gates(0..<2, of: 3).ofState(h).split(count: 2, along: -1)
      let reset = sigmoid(ofInput[0] + ofState[0])
      update = sigmoid(ofInput[1] + ofState[1])
      new = tanh(ofInput[2] + weights.gates(2..<3, of: 3).ofState(reset * h))
    }
    return new + update * (h - new)
  }
}
