import Core

/// The plain recurrent cell, in either form of course document 003, question 1.1.
///
/// ```
/// g_t = σ(W g_{t−1} + U x_t + b)       .activatedState (the usual one, PyTorch's)
/// h_t = W σ(h_{t−1}) + U x_t + b       .linearState
/// ```
///
/// The two are one network: from g_0 = σ(h_0) on, g_t = σ(h_t). U is `weights.input`, W
/// `weights.recurrent`, b the sum of both biases. The output is the state.
///
/// [Elman 1990]: https://doi.org/10.1207/s15516709cog1402_1
public struct ElmanCell: RecurrentCell, Sendable {
  /// Which of the two recurrences.
  public enum Form: Sendable {
    /// The state is g_t, after the activation.
    case activatedState
    /// The state is h_t, before the activation.
    case linearState
  }

  /// One gate: U, W and the biases.
  public let weights: CellWeights
  /// σ
  public let activation: Activation
  /// Which of the two recurrences.
  public let form: Form

  /// - Parameters:
  ///   - activation: σ; the default is tanh.
  ///   - form: Whether the state is taken after the activation (the default) or before.
  ///   - hasBias: Whether there are biases.
  ///   - initializer: Draws both weights; the default is PyTorch's uniform ±1/√hidden.
  ///   - recurrentInitializer: Draws W instead, such as `.orthogonal()`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, activation: Activation = .tanh,
    form: Form = .activatedState, hasBias: Bool = true, initializer: Initializer? = nil,
    recurrentInitializer: Initializer? = nil
  ) {
    weights = CellWeights(
      inputSize, hiddenSize, gates: 1, hasBias: hasBias, initializer: initializer,
      recurrentInitializer: recurrentInitializer)
    self.activation = activation
    self.form = form
  }

  public func initialState(batch: Int) -> Tensor { .zeros([batch, weights.hiddenSize]) }

  public func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) {
    if !isRecording(), let next = fusedStep(x, state) {
      return (next, next)
    }
    let next = Self.step(x, state, weights.values, activation, form)
    return (next, next)
  }

  /// The formula itself.
  static func step(
    _ x: Tensor, _ state: Tensor, _ weights: CellValues, _ activation: Activation, _ form: Form
  ) -> Tensor {
    switch form {
    case .activatedState: activation(weights.ofInput(x) + weights.ofState(state))
    case .linearState: weights.ofInput(x) + weights.ofState(activation(state))
    }
  }
}
