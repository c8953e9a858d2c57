import Core
internal import Kernels

// The cells that have kernels: for whole sequences, and for a step that nobody differentiates. Each
// hands over to the formula where the kernels do not apply.

extension ElmanCell {
  private var hasKernel: Bool { form == .activatedState && activation != .softplus }

  public func sequence(
    _ x: Tensor, from state: Tensor, reversed: Bool, lengths: SequenceLengths?
  ) -> (outputs: Tensor, state: Tensor) {
    let run = FusedSequence(
      cell: .elman, activation: activation, reversed: reversed, lengths: lengths)
    guard hasKernel, let result = run(inputs(x, state)) else {
      return stepped(x, from: state, reversed: reversed, lengths: lengths)
    }
    return (result.outputs, result.hidden)
  }

  func fusedStep(_ x: Tensor, _ state: Tensor) -> Tensor? {
    hasKernel
      ? FusedSequence.step(.elman, activation: activation, inputs(x, state))?.hidden : nil
  }

  private func inputs(_ x: Tensor, _ state: Tensor) -> FusedSequence.Inputs {
    .init(x: x, weights: weights.values, hidden: state, memory: nil)
  }
}

extension GRUCell {
  public func sequence(
    _ x: Tensor, from state: Tensor, reversed: Bool, lengths: SequenceLengths?
  ) -> (outputs: Tensor, state: Tensor) {
    let run = FusedSequence(cell: .gru, reversed: reversed, lengths: lengths)
    guard form == .resetAfter, let result = run(inputs(x, state)) else {
      return stepped(x, from: state, reversed: reversed, lengths: lengths)
    }
    return (result.outputs, result.hidden)
  }

  func fusedStep(_ x: Tensor, _ state: Tensor) -> Tensor? {
    form == .resetAfter ? FusedSequence.step(.gru, inputs(x, state))?.hidden : nil
  }

  private func inputs(_ x: Tensor, _ state: Tensor) -> FusedSequence.Inputs {
    .init(x: x, weights: weights.values, hidden: state, memory: nil)
  }
}

extension LSTMCell {
  private var hasKernel: Bool { peepholes == nil && normalization == nil }

  public func sequence(
    _ x: Tensor, from state: LSTMState, reversed: Bool, lengths: SequenceLengths?
  ) -> (outputs: Tensor, state: LSTMState) {
    let run = FusedSequence(cell: .lstm, reversed: reversed, lengths: lengths)
    guard hasKernel, let result = run(inputs(x, state)), let memory = result.memory else {
      return stepped(x, from: state, reversed: reversed, lengths: lengths)
    }
    return (result.outputs, LSTMState(hidden: result.hidden, cell: memory))
  }

  func fusedStep(_ x: Tensor, _ state: LSTMState) -> LSTMState? {
    guard hasKernel, let next = FusedSequence.step(.lstm, inputs(x, state)) else { return nil }
    return next.memory.map { LSTMState(hidden: next.hidden, cell: $0) }
  }

  private func inputs(_ x: Tensor, _ state: LSTMState) -> FusedSequence.Inputs {
    .init(x: x, weights: weights.values, hidden: state.hidden, memory: state.cell)
  }
}
