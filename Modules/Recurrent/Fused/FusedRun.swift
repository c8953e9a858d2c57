import Core
internal import Kernels

/// One forward pass of the kernels and what it leaves for the backward pass.
struct FusedRun: Sendable {
  private let sequence: FusedSequence
  private let time, batch, inputs, hidden, columns: Int
  /// What the kernels read, dense.
  private let x, inputWeight, recurrentWeight: Tensor
  private let inputBias, recurrentBias: Tensor?
  /// What they write.
  private let gates, states: Tensor
  private let memories: Tensor?

  init(_ sequence: FusedSequence, _ from: FusedSequence.Inputs) {
    self.sequence = sequence
    x = from.x.detached.contiguous()
    inputWeight = from.weights.input.detached.contiguous()
    recurrentWeight = from.weights.recurrent.detached.contiguous()
    inputBias = from.weights.inputBias?.detached.contiguous()
    recurrentBias = from.weights.recurrentBias?.detached.contiguous()
    // One step comes without the axis of time.
    let rank = x.rank
    time = rank == 3 ? x.shape[0] : 1
    (batch, inputs) = (x.shape[rank - 2], x.shape[rank - 1])
    hidden = recurrentWeight.shape[1]
    columns = apus_sequence_columns(sequence.cell, hidden)
    gates = Tensor(uninitialized: [time, batch, columns], dtype: x.dtype)
    states = Tensor(
      uninitialized: [from.memory == nil ? time + 1 : time + 2, batch, hidden], dtype: x.dtype)
    memories =
      from.memory == nil
      ? nil : Tensor(uninitialized: [time + 1, batch, hidden], dtype: x.dtype)
    let start = sequence.reversed ? time : 0
    Self.fill(states, slot: start, with: from.hidden, slotBytes)
    if let memories, let memory = from.memory {
      Self.fill(memories, slot: start, with: memory, slotBytes)
    }
  }

  private var slotBytes: Int { batch * hidden * x.dtype.byteCount }

  private static func fill(_ target: Tensor, slot: Int, with source: Tensor, _ bytes: Int) {
    let source = source.detached.contiguous()
    (target.pointer + slot * bytes).copyMemory(from: source.pointer, byteCount: bytes)
    extendLifetime(source.storage)
  }

  /// The state after the only step, and its memory.
  func onlyStep() -> (hidden: Tensor, memory: Tensor?) {
    run()
    func after(_ slots: Tensor) -> Tensor {
      slots.narrowed(0, from: 1, count: 1).reshaped([batch, hidden])
    }
    return (after(states), memories.map(after))
  }

  private func run() {
    countMultiplyAdds(time * batch * (inputs + hidden) * recurrentWeight.shape[0])
    withKernel { apus_sequence_forward(&$0) }
  }

  /// All states, and after them an LSTM's last memory.
  func forward() -> Tensor {
    run()
    if let memories {
      let end = sequence.reversed ? 0 : time
      (states.pointer + (time + 1) * slotBytes)
        .copyMemory(from: memories.pointer + end * slotBytes, byteCount: slotBytes)
    }
    return states
  }

  /// The gradients of the inputs from that of the states.
  func backward(_ upstream: Tensor, _ from: FusedSequence.Inputs, _ needs: Needs) -> Cotangents {
    var index = 0
    func wanted(_ tensor: Tensor?) -> Tensor? {
      guard let tensor else { return nil }
      defer { index += 1 }
      return needs[index] ? Tensor(uninitialized: tensor.shape, dtype: tensor.dtype) : nil
    }
    let (ofX, ofInput, ofRecurrent) = (wanted(x), wanted(inputWeight), wanted(recurrentWeight))
    let ofHidden = Tensor(uninitialized: [batch, hidden], dtype: x.dtype)
    index += 1
    let (ofInputBias, ofRecurrentBias) = (wanted(inputBias), wanted(recurrentBias))
    let ofMemory = memories.map { _ in Tensor(uninitialized: [batch, hidden], dtype: x.dtype) }
    let sums = Tensor(uninitialized: gates.shape, dtype: x.dtype)
    var gradients = apus_sequence_gradients()
    gradients.upstream = UnsafeRawPointer(upstream.pointer)
    if memories != nil {
      gradients.cell_upstream = UnsafeRawPointer(upstream.pointer + (time + 1) * slotBytes)
    }
    gradients.gates = sums.pointer
    gradients.x = ofX?.pointer
    gradients.input_weight = ofInput?.pointer
    gradients.recurrent_weight = ofRecurrent?.pointer
    gradients.input_bias = ofInputBias?.pointer
    gradients.recurrent_bias = ofRecurrentBias?.pointer
    gradients.state = ofHidden.pointer
    gradients.cell = ofMemory?.pointer
    withKernel { apus_sequence_backward(&$0, &gradients) }
    extendLifetime(upstream.storage)
    extendLifetime(sums.storage)
    var all: [Tensor?] = [ofX, ofInput, ofRecurrent, ofHidden]
    if inputBias != nil { all.append(ofInputBias) }
    if recurrentBias != nil { all.append(ofRecurrentBias) }
    if let ofMemory { all.append(ofMemory) }
    return Cotangents(all: all)
  }

  private func withKernel(_ body: (inout apus_sequence) -> Void) {
    var kernel = apus_sequence()
    kernel.type = x.dtype.kernel
    kernel.cell = sequence.cell
    kernel.activation = sequence.activation.kernel
    kernel.reversed = sequence.reversed
    (kernel.time, kernel.batch) = (time, batch)
    (kernel.inputs, kernel.hidden) = (inputs, hidden)
    kernel.x = UnsafeRawPointer(x.pointer)
    kernel.input_weight = UnsafeRawPointer(inputWeight.pointer)
    kernel.recurrent_weight = UnsafeRawPointer(recurrentWeight.pointer)
    kernel.input_bias = inputBias.map { UnsafeRawPointer($0.pointer) }
    kernel.recurrent_bias = recurrentBias.map { UnsafeRawPointer($0.pointer) }
    kernel.gates = gates.pointer
    kernel.states = states.pointer
    kernel.cells = memories?.pointer
    if let lengths = sequence.lengths {
      lengths.values.withUnsafeBufferPointer {
        kernel.lengths = $0.baseAddress
        body(&kernel)
      }
    } else {
      body(&kernel)
    }
    extendLifetime(self)
  }
}
