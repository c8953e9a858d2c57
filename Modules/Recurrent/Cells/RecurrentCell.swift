import Core

/// One step of a recurrent network: from an input and a state, an output and the next state.
///
/// ```swift
/// struct LeakyCell: RecurrentCell {
///   let candidate: Dense
///   let hiddenSize: Int
///   init(_ inputSize: Int, _ hiddenSize: Int) {
///     candidate = Dense(inputSize + hiddenSize, hiddenSize, activation: .tanh)
///     self.hiddenSize = hiddenSize
///   }
///   func initialState(batch: Int) -> Tensor { .zeros([batch, hiddenSize]) }
///   func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) {
///     let next = 0.9 * state + 0.1 * candidate(concatenated([x, state], along: -1))
///     return (next, next)
///   }
/// }
/// let network = Unrolled(8, 32, layers: 2, bidirectional: true) { LeakyCell($0, $1) }
/// ```
///
/// That is all that ``Unrolled`` needs to run it over sequences, stacked, in both directions, over
/// sequences of different lengths and from initial states that are learned.
///
/// As a `Layer` a cell maps the pair (input, state) to the pair (output, state).
public protocol RecurrentCell<State>: Layer
where Input == (input: Tensor, state: State), Output == (output: Tensor, state: State) {
  /// What is carried from step to step.
  associatedtype State: RecurrentState

  /// The state before the first step, for a batch; usually zeros. ``Unrolled`` gives it the
  /// floating-point type of its input.
  func initialState(batch: Int) -> State

  /// One step.
  ///
  /// - Parameters:
  ///   - x: [batch, …].
  ///   - state: After the step before.
  func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State)

  /// All steps of a sequence.
  ///
  /// Every cell has this: it takes one ``step(_:_:)`` after the other. A cell that can do the whole
  /// sequence at once implements it as well.
  ///
  /// - Parameters:
  ///   - x: [time, batch, …].
  ///   - state: Before the first step.
  ///   - reversed: Whether the steps go from the last time to the first.
  ///   - lengths: How many times each sequence of the batch has; all of them if `nil`. Beyond its
  ///     length the output of a sequence is 0 and its state stays as it is.
  /// - Returns: The outputs, [time, batch, …], each at the time of its input, and the state after
  ///   the last step.
  func sequence(_ x: Tensor, from state: State, reversed: Bool, lengths: SequenceLengths?) -> (
    outputs: Tensor, state: State
  )
}

extension RecurrentCell {
  public func callAsFunction(_ input: (input: Tensor, state: State)) -> (
    output: Tensor, state: State
  ) {
    step(input.input, input.state)
  }

  public func sequence(
    _ x: Tensor, from state: State, reversed: Bool, lengths: SequenceLengths?
  ) -> (outputs: Tensor, state: State) {
    stepped(x, from: state, reversed: reversed, lengths: lengths)
  }

  /// ``sequence(_:from:reversed:lengths:)`` step by step, whatever else the cell can do.
  public func stepped(
    _ x: Tensor, from state: State, reversed: Bool = false, lengths: SequenceLengths? = nil
  ) -> (outputs: Tensor, state: State) {
    requireTime(x, in: "stepped")
    let inputs = x.steps()
    var outputs = [Tensor?](repeating: nil, count: inputs.count)
    var state = state
    for time in reversed ? Array(inputs.indices.reversed()) : Array(inputs.indices) {
      let (output, next) = step(inputs[time], state)
      if let lengths, let running = lengths.running(at: time) {
        outputs[time] = select(running.column(like: output), output, Tensor.zeros(like: output))
        state = next.selected(where: running, else: state)
      } else {
        outputs[time] = output
        state = next
      }
    }
    return (stacked(outputs.compactMap { $0 }), state)
  }
}

func requireTime(_ x: Tensor, in operation: String) {
  require(
    x.rank >= 2, "\(operation): an input of shape \(x.shape) is no [time, batch, …]")
  require(x.shape[0] > 0, "\(operation): an input of shape \(x.shape) has no step")
}
