import Core
internal import Kernels

/// A whole sequence through a cell in one operation: the kernels of `recurrent.h` forward and
/// backward, and the cell's formula step by step where the derivative is itself differentiated.
struct FusedSequence: Sendable {
  let cell: apus_cell
  /// Elman's.
  var activation = Activation.tanh
  let reversed: Bool
  let lengths: SequenceLengths?

  /// What goes in, in the order of the recorded operation's inputs.
  struct Inputs {
    let x: Tensor
    let weights: CellValues
    let hidden: Tensor
    /// The LSTM's memory.
    let memory: Tensor?

    var tensors: [Tensor] {
      [x, weights.input, weights.recurrent, hidden]
        + [weights.inputBias, weights.recurrentBias, memory].compactMap { $0 }
    }

    var haveOneFloatingType: Bool {
      let type = x.dtype
      return type.isFloating && weights.input.dtype == type && weights.recurrent.dtype == type
        && weights.inputBias?.dtype ?? type == type && weights.recurrentBias?.dtype ?? type == type
        && hidden.dtype == type && memory?.dtype ?? type == type
    }

    /// The same with other tensors.
    func replacing(_ tensors: [Tensor]) -> Inputs {
      var rest = tensors.dropFirst(4)
      let inputBias = weights.inputBias == nil ? nil : rest.removeFirst()
      let recurrentBias = weights.recurrentBias == nil ? nil : rest.removeFirst()
      return Inputs(
        x: tensors[0],
        weights: CellValues(
          input: tensors[1], recurrent: tensors[2], inputBias: inputBias,
          recurrentBias: recurrentBias),
        hidden: tensors[3], memory: memory == nil ? nil : rest.removeFirst())
    }
  }

  /// The outputs and the final states; `nil` where the kernels do not apply, as with mixed types.
  func callAsFunction(_ inputs: Inputs) -> (outputs: Tensor, hidden: Tensor, memory: Tensor?)? {
    let x = inputs.x
    guard x.rank == 3, inputs.haveOneFloatingType else { return nil }
    requireShapes(inputs)
    lengths?.require(fitting: x, in: "sequence")
    let time = x.shape[0]
    let states = states(inputs)
    var outputs = states.narrowed(0, from: reversed ? 0 : 1, count: time)
    if let lengths, lengths.values.contains(where: { $0 < time }) {
      let mask = lengths.mask(times: time).expandingShape(at: 2)
      outputs = select(mask, outputs, Tensor.zeros([], dtype: x.dtype))
    }
    return (
      outputs, states[reversed ? 0 : time], inputs.memory == nil ? nil : states[time + 1]
    )
  }

  /// One step that nobody differentiates, with x of [batch, inputs]; `nil` where the kernels do not
  /// apply.
  static func step(_ cell: apus_cell, activation: Activation = .tanh, _ inputs: Inputs) -> (
    hidden: Tensor, memory: Tensor?
  )? {
    guard inputs.x.rank == 2, inputs.haveOneFloatingType else { return nil }
    let step = FusedSequence(cell: cell, activation: activation, reversed: false, lengths: nil)
    step.requireShapes(inputs)
    return FusedRun(step, inputs).onlyStep()
  }

  /// All states, [time + 1, batch, hidden], in the order of time; after them an LSTM's last memory.
  private func states(_ inputs: Inputs) -> Tensor {
    let run = FusedRun(self, inputs)
    let states = run.forward()
    let all = inputs.tensors
    guard isRecording(), all.contains(where: \.isTracked) else { return states }
    let saved = all.map(Saved.init)
    let constant = inputs.replacing(all.map(\.detached))
    return states.recorded(from: all) { upstream, node, needs in
      if isRecording() {
        let restored = saved.enumerated().map { $1.restored(node.input($0)) }
        let (_, gradients) = valueWithGradient(at: restored) {
          (composed(constant.replacing($0)) * upstream).sum()
        }
        return Cotangents(all: gradients)
      }
      return run.backward(upstream.contiguous(), constant, needs)
    }
  }

  /// The states by the cell's formula, recordable.
  private func composed(_ inputs: Inputs) -> Tensor {
    let steps = inputs.x.steps()
    var slots = [inputs.hidden]
    var memory = inputs.memory
    for time in reversed ? Array(steps.indices.reversed()) : Array(steps.indices) {
      let state = slots[slots.count - 1]
      var (next, nextMemory) = step(steps[time], state, memory, inputs.weights)
      if let lengths, let running = lengths.running(at: time) {
        let column = running.column(like: state)
        next = select(column, next, state)
        if let new = nextMemory, let old = memory { nextMemory = select(column, new, old) }
      }
      slots.append(next)
      memory = nextMemory
    }
    return stacked((reversed ? slots.reversed() : slots) + (memory.map { [$0] } ?? []))
  }

  private func step(_ x: Tensor, _ hidden: Tensor, _ memory: Tensor?, _ weights: CellValues) -> (
    Tensor, Tensor?
  ) {
    switch cell {
    case .elman:
      return (ElmanCell.step(x, hidden, weights, activation, .activatedState), nil)
    case .gru:
      return (GRUCell.step(x, hidden, weights, .resetAfter), nil)
    case .lstm:
      let next = LSTMCell.step(
        gates: weights.ofInput(x) + weights.ofState(hidden), memory ?? hidden)
      return (next.hidden, next.cell)
    }
  }

  private func requireShapes(_ inputs: Inputs) {
    let (x, weights) = (inputs.x, inputs.weights)
    let (batch, features) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    let hidden = weights.recurrent.shape[1]
    require(
      features == weights.input.shape[1],
      "sequence: an input of shape \(x.shape) does not fit a weight of shape \(weights.input.shape)"
    )
    require(
      inputs.hidden.shape == [batch, hidden]
        && inputs.memory?.shape ?? [batch, hidden] == [batch, hidden],
      "sequence: a state of shape \(inputs.hidden.shape), not [\(batch), \(hidden)]")
  }
}
