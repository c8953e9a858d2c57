import Core

/// Long short-term memory.
///
/// ```
/// i = σ(W_i x + b_i + V_i h + d_i)       input gate
/// f = σ(W_f x + b_f + V_f h + d_f)       forget gate
/// g = tanh(W_g x + b_g + V_g h + d_g)    cell candidate
/// o = σ(W_o x + b_o + V_o h + d_o)       output gate
/// c′ = f ⊙ c + i ⊙ g,   h′ = o ⊙ tanh(c′)
/// ```
///
/// The gates are the row blocks of `weights`, in this order, which is PyTorch's. The path of the
/// memory c is a sum, along which gradients neither shrink nor grow while f is 1: what the plain
/// cell lacks.
///
/// With peepholes the gates see the memory: p_i ⊙ c and p_f ⊙ c are added in i and f, p_o ⊙ c′ in o
/// ([Gers et al. 2002]). With layer normalisation W x + b, V h + d and the memory inside tanh(c′) are
/// normalised, each with a learned scale, the memory with a shift too ([Ba et al. 2016]).
///
/// [Hochreiter and Schmidhuber 1997]: https://doi.org/10.1162/neco.1997.9.8.1735
/// [Gers et al. 2002]: https://jmlr.org/papers/v3/gers02a.html
/// [Ba et al. 2016]: https://arxiv.org/abs/1607.06450
public struct LSTMCell: RecurrentCell, Sendable {
  /// The scales and the shift of layer normalisation.
  public struct NormalizationWeights: Sendable {
    /// [4 · hidden]: of the inputs' products.
    public let input: Parameter
    /// [4 · hidden]: of the state's products.
    public let recurrent: Parameter
    /// [hidden]: of the memory.
    public let cell: Parameter
    /// [hidden]: added to the memory.
    public let cellShift: Parameter

    init(_ hiddenSize: Int) {
      input = Parameter(.ones([4 * hiddenSize]))
      recurrent = Parameter(.ones([4 * hiddenSize]))
      cell = Parameter(.ones([hiddenSize]))
      cellShift = Parameter(.zeros([hiddenSize]))
    }
  }

  /// Four gates: input, forget, cell, output.
  public let weights: CellWeights
  /// p_i, p_f and p_o, [3, hidden]; `nil` without peepholes. They start at 0.
  public let peepholes: Parameter?
  /// `nil` without layer normalisation.
  public let normalization: NormalizationWeights?

  /// - Parameters:
  ///   - hasBias: Whether there are biases.
  ///   - hasPeepholes: Whether the gates see the memory.
  ///   - isNormalized: Whether the products and the memory are normalised.
  ///   - forgetBias: Added to the first value of the forget gate's bias, so that the memory is kept
  ///     at first; the default is 0, 1 is usual ([Jozefowicz et al. 2015]).
  ///   - initializer: Draws each gate's weights; the default is PyTorch's uniform ±1/√hidden.
  ///   - recurrentInitializer: Draws those of the state instead, such as `.orthogonal()`.
  ///
  /// [Jozefowicz et al. 2015]: https://proceedings.mlr.press/v37/jozefowicz15.html
  public init(
    _ inputSize: Int, _ hiddenSize: Int, hasBias: Bool = true, hasPeepholes: Bool = false,
    isNormalized: Bool = false, forgetBias: Double = 0, initializer: Initializer? = nil,
    recurrentInitializer: Initializer? = nil
  ) {
    weights = CellWeights(
      inputSize, hiddenSize, gates: 4, hasBias: hasBias, initializer: initializer,
      recurrentInitializer: recurrentInitializer)
    peepholes = hasPeepholes ? Parameter(.zeros([3, hiddenSize])) : nil
    normalization = isNormalized ? NormalizationWeights(hiddenSize) : nil
    if forgetBias != 0 {
      require(hasBias, "LSTMCell: a forget bias of \(forgetBias) without biases")
      let block = Tensor.full([hiddenSize], forgetBias)
      let others = Tensor.zeros([hiddenSize])
      if let bias = weights.inputBias {
        bias.value = bias.value + concatenated([others, block, others, others])
      }
    }
  }

  public func initialState(batch: Int) -> LSTMState {
    let zeros = Tensor.zeros([batch, weights.hiddenSize])
    return LSTMState(hidden: zeros, cell: zeros)
  }

  public func step(_ x: Tensor, _ state: LSTMState) -> (output: Tensor, state: LSTMState) {
    if !isRecording(), let next = fusedStep(x, state) {
      return (next.hidden, next)
    }
    let values = weights.values
    var (ofInput, ofState) = (values.ofInput(x), values.ofState(state.hidden))
    if let normalization {
      ofInput = layerNormalized(ofInput, scale: normalization.input.value)
      ofState = layerNormalized(ofState, scale: normalization.recurrent.value)
    }
    let next = Self.step(
      gates: ofInput + ofState, state.cell, peepholes: peepholes?.value,
      normalizing: { [normalization] c in
        normalization.map {
          layerNormalized(c, scale: $0.cell.value, shift: $0.cellShift.value)
        } ?? c
      })
    return (next.hidden, next)
  }

  /// The formula from the gates' sums on.
  ///
  /// - Parameters:
  ///   - gates: [batch, 4 · hidden], before the activations.
  ///   - cell: c, [batch, hidden].
  static func step(
    gates: Tensor, _ cell: Tensor, peepholes: Tensor? = nil,
    normalizing: (Tensor) -> Tensor = { $0 }
  ) -> LSTMState {
    let parts = gates.split(count: 4, along: -1)
    func peeping(_ gate: Tensor, _ row: Int, _ c: Tensor) -> Tensor {
      peepholes.map { gate + $0[row] * c } ?? gate
    }
    let i = sigmoid(peeping(parts[0], 0, cell))
    let f = sigmoid(peeping(parts[1], 1, cell))
    let next = f * cell + i * tanh(parts[2])
    let o = sigmoid(peeping(parts[3], 2, next))
    return LSTMState(hidden: o * tanh(normalizing(next)), cell: next)
  }
}
