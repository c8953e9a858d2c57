import Core

/// A recurrent network: a cell run over the steps of sequences, in one layer or several, in one
/// direction or both.
///
/// ```swift
/// let network = Unrolled(LSTMCell(64, 128))
/// let outputs = network(x)                                  // [time, batch, 64] → [time, batch, 128]
/// let (y, states) = network(x, from: earlier)               // the state in and out
/// let (z, _) = network(padded, lengths: [7, 3, 5])          // sequences of different lengths
/// ```
///
/// The cells of a layer above the first take the outputs of the layer below; with two directions
/// those are the forward cell's beside the backward cell's, [time, batch, 2 · hidden].
///
/// States are listed by layers and within a layer by direction: forward 0, backward 0, forward 1, …,
/// as in PyTorch.
public struct Unrolled<Cell: RecurrentCell>: Layer {
  /// The cells that go from the first step to the last, one for each layer.
  public let forward: [Cell]
  /// Those that go from the last step to the first; `nil` with one direction.
  public let backward: [Cell]?
  /// The probability of an output to be dropped on its way to the layer above, in training mode.
  public let dropout: Double
  /// Where initial states are learned: their tensors for one sequence, in the order of states.
  public let initial: [[Parameter]]?

  /// Cells that exist.
  ///
  /// - Parameters:
  ///   - forward: One cell for each layer.
  ///   - backward: As many, if there are two directions.
  ///   - dropout: The probability of an output to be dropped between layers; the default is 0.
  ///   - learnsInitialState: Whether the states before the first step are parameters, which start
  ///     as the cells' ``RecurrentCell/initialState(batch:)``.
  public init(
    forward: [Cell], backward: [Cell]? = nil, dropout: Double = 0, learnsInitialState: Bool = false
  ) {
    require(!forward.isEmpty, "Unrolled: no cell")
    require(
      backward.map { $0.count == forward.count } ?? true,
      "Unrolled: \(forward.count) forward cells and \(backward?.count ?? 0) backward cells")
    require((0...1).contains(dropout), "Unrolled: a dropout of \(dropout) is no probability")
    self.forward = forward
    self.backward = backward
    self.dropout = dropout
    initial =
      learnsInitialState
      ? Self.inOrder(forward, backward).map { cell in
        cell.initialState(batch: 1).tensors.map {
          Parameter($0.reshaped(Shape($0.shape.dropFirst())))
        }
      } : nil
  }

  /// One layer in one direction.
  public init(_ cell: Cell, learnsInitialState: Bool = false) {
    self.init(forward: [cell], learnsInitialState: learnsInitialState)
  }

  /// Cells made to fit each other.
  ///
  /// - Parameters:
  ///   - inputSize: Features of the input.
  ///   - hiddenSize: Features of each cell's output.
  ///   - layers: How many layers; the default is 1.
  ///   - bidirectional: Whether each layer has a cell for each direction; the default is one only.
  ///   - dropout: The probability of an output to be dropped between layers; the default is 0.
  ///   - learnsInitialState: Whether the states before the first step are parameters.
  ///   - cell: Makes a cell for so many features in and out.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    dropout: Double = 0, learnsInitialState: Bool = false, cell: (Int, Int) -> Cell
  ) {
    require(layers > 0, "Unrolled: \(layers) layers")
    var cells: (forward: [Cell], backward: [Cell]) = ([], [])
    for layer in 0..<layers {
      let inputs = layer == 0 ? inputSize : hiddenSize * (bidirectional ? 2 : 1)
      cells.forward.append(cell(inputs, hiddenSize))
      if bidirectional { cells.backward.append(cell(inputs, hiddenSize)) }
    }
    self.init(
      forward: cells.forward, backward: bidirectional ? cells.backward : nil, dropout: dropout,
      learnsInitialState: learnsInitialState)
  }

  /// The outputs of the uppermost layer for sequences that start from the initial states.
  ///
  /// - Parameter x: [time, batch, …].
  /// - Returns: [time, batch, features], twice the features with two directions.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    self(x, from: nil, lengths: nil).outputs
  }

  /// The outputs, and the states after the last step.
  ///
  /// - Parameters:
  ///   - x: [time, batch, …], padded to one length.
  ///   - states: Before the first step; the initial ones if `nil`. A backward cell starts from its
  ///     own at the end.
  ///   - lengths: How many steps each sequence has; all of them if `nil`.
  public func callAsFunction(
    _ x: Tensor, from states: [Cell.State]? = nil, lengths: SequenceLengths? = nil
  ) -> (outputs: Tensor, states: [Cell.State]) {
    requireTime(x, in: "Unrolled")
    lengths?.require(fitting: x, in: "Unrolled")
    let states = states ?? initialStates(batch: x.shape[1], dtype: x.dtype)
    requireCount(of: states)
    var final = states
    let outputs = reported(self, x) { x in run(x, from: states, lengths, to: &final) }
    return (outputs, final)
  }

  /// The states before the first step.
  ///
  /// - Parameter dtype: Their type; an integer's counts as float32.
  public func initialStates(batch: Int, dtype: DType = .float32) -> [Cell.State] {
    let dtype = dtype.isFloating ? dtype : .float32
    if let initial {
      return initial.map { parameters in
        Cell.State(
          tensors: parameters.map {
            let value = $0.value.cast(to: dtype)
            return value.broadcast(to: Shape([batch] + value.shape))
          })
      }
    }
    return Self.inOrder(forward, backward).map {
      $0.initialState(batch: batch).mapped { $0.dtype.isFloating ? $0.cast(to: dtype) : $0 }
    }
  }

  /// One step of all layers, for data that arrives one by one.
  ///
  /// Traps with two directions: the backward one would need the steps to come.
  ///
  /// - Parameters:
  ///   - x: [batch, …].
  ///   - states: After the step before.
  public func step(_ x: Tensor, from states: [Cell.State]) -> (
    output: Tensor, states: [Cell.State]
  ) {
    require(
      backward == nil, "Unrolled: one step of a bidirectional network needs the steps to come")
    requireCount(of: states)
    var output = x
    var states = states
    for (layer, cell) in forward.enumerated() {
      if layer > 0 { output = dropped(output) }
      (output, states[layer]) = cell.step(output, states[layer])
    }
    return (output, states)
  }

  // MARK: Layer by layer

  private func run(
    _ x: Tensor, from states: [Cell.State], _ lengths: SequenceLengths?,
    to final: inout [Cell.State]
  ) -> Tensor {
    var x = x
    for (layer, cell) in forward.enumerated() {
      if layer > 0 { x = dropped(x) }
      guard let backward else {
        (x, final[layer]) = cell.sequence(
          x, from: states[layer], reversed: false, lengths: lengths)
        continue
      }
      let ahead = cell.sequence(x, from: states[2 * layer], reversed: false, lengths: lengths)
      let back = backward[layer].sequence(
        x, from: states[2 * layer + 1], reversed: true, lengths: lengths)
      (final[2 * layer], final[2 * layer + 1]) = (ahead.state, back.state)
      x = concatenated([ahead.outputs, back.outputs], along: -1)
    }
    return x
  }

  private func dropped(_ x: Tensor) -> Tensor {
    dropout > 0 && Mode.current == .training ? Core.dropout(x, probability: dropout) : x
  }

  private func requireCount(of states: [Cell.State]) {
    let count = forward.count * (backward == nil ? 1 : 2)
    require(
      states.count == count, "Unrolled: \(states.count) states for \(count) layers and directions")
  }

  static func inOrder(_ forward: [Cell], _ backward: [Cell]?) -> [Cell] {
    guard let backward else { return forward }
    return zip(forward, backward).flatMap { [$0, $1] }
  }
}

extension Unrolled: Sendable where Cell: Sendable {}

extension Unrolled: SummarizedLayer {
  public var summaryKind: String {
    var words = ["Unrolled \(Cell.self)"]
    if forward.count > 1 { words.append("\(forward.count) layers") }
    if backward != nil { words.append("bidirectional") }
    if dropout > 0 { words.append("dropout \(dropout)") }
    return words.joined(separator: ", ")
  }
}
