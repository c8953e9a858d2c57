import Core
internal import Kernels

// The cells that have kernels for whole sequences. One step that nobody differentiates takes them
// too: it is then one operation.

extension ElmanCell {
  public func sequence(
    _ x: Tensor, from state: Tensor, reversed: Bool, lengths: SequenceLengths?
  ) -> (outputs: Tensor, state: Tensor) {
    fused(x, state, reversed, lengths)
      ?? stepped(x, from: state, reversed: reversed, lengths: lengths)
  }

  func fused(
    _ x: Tensor, _ state: Tensor, _ reversed: Bool = false, _ lengths: SequenceLengths? = nil
  ) -> (outputs: Tensor, state: Tensor)? {
    guard form == .activatedState, activation != .softplus else { return nil }
    let run = FusedSequence(
      cell: .elman, activation: activation, reversed: reversed, lengths: lengths)
    return run(.init(x: x, weights: weights.values, hidden: state, memory: nil)).map {
      ($0.outputs, $0.hidden)
    }
  }
}

extension GRUCell {
  public func sequence(
    _ x: Tensor, from state: Tensor, reversed: Bool, lengths: SequenceLengths?
  ) -> (outputs: Tensor, state: Tensor) {
    fused(x, state, reversed, lengths)
      ?? stepped(x, from: state, reversed: reversed, lengths: lengths)
  }

  func fused(
    _ x: Tensor, _ state: Tensor, _ reversed: Bool = false, _ lengths: SequenceLengths? = nil
  ) -> (outputs: Tensor, state: Tensor)? {
    guard form == .resetAfter else { return nil }
    let run = FusedSequence(cell: .gru, reversed: reversed, lengths: lengths)
    return run(.init(x: x, weights: weights.values, hidden: state, memory: nil)).map {
      ($0.outputs, $0.hidden)
    }
  }
}

extension LSTMCell {
  public func sequence(
    _ x: Tensor, from state: LSTMState, reversed: Bool, lengths: SequenceLengths?
  ) -> (outputs: Tensor, state: LSTMState) {
    fused(x, state, reversed, lengths)
      ?? stepped(x, from: state, reversed: reversed, lengths: lengths)
  }

  func fused(
    _ x: Tensor, _ state: LSTMState, _ reversed: Bool = false, _ lengths: SequenceLengths? = nil
  ) -> (outputs: Tensor, state: LSTMState)? {
    guard peepholes == nil, normalization == nil else { return nil }
    let run = FusedSequence(cell: .lstm, reversed: reversed, lengths: lengths)
    return run(
      .init(x: x, weights: weights.values, hidden: state.hidden, memory: state.cell)
    ).flatMap { outputs, hidden, memory in
      memory.map { (outputs, LSTMState(hidden: hidden, cell: $0)) }
    }
  }
}
