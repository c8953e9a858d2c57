import Core
import Recurrent

/// Token vectors, a recurrent network and a softmax over the vocabulary:
///
/// ```
/// x_t = E[token_t],   y_t, state_t = network(x_t, state_{t−1}),   logits_t = O y_t + b
/// ```
///
/// Tied, O is E. Dropout acts on x, between layers and on y, never from one time to the next
/// ([Zaremba et al. 2014]).
///
/// [Zaremba et al. 2014]: https://arxiv.org/abs/1409.2329
struct RecurrentLanguageModel<Cell: RecurrentCell>: LanguageModel {
  /// E, [vocabulary, embedding]
  let vectors: Parameter
  let network: Unrolled<Cell>
  let output: Dense
  private let dropout: Double

  /// - Parameters:
  ///   - embedding: Features of a token's vector; those of the hidden layers where tied.
  ///   - isTied: Whether the output's weight is the table of vectors.
  ///   - cell: Makes a cell for so many features in and out.
  init(
    vocabulary: Int, embedding: Int, hidden: Int, layers: Int, dropout: Double, isTied: Bool,
    cell: (Int, Int) -> Cell
  ) {
    let initializer = Initializer.uniform(in: -0.1..<0.1)
    vectors = Parameter(
      initializer.tensor([vocabulary, embedding], inputs: vocabulary, outputs: embedding))
    network = Unrolled(embedding, hidden, layers: layers, dropout: dropout, cell: cell)
    output =
      isTied
      ? Dense(weight: vectors, bias: Parameter(.zeros([vocabulary])))
      : Dense(hidden, vocabulary, initializer: initializer)
    self.dropout = dropout
  }

  func logits(_ tokens: Tensor, carrying carried: inout Tensor) -> Tensor {
    let x = dropped(vectors.value.gathered(at: tokens))  // [time, batch, embedding]
    let (y, states) = network(x, from: unpacked(carried))  // [time, batch, hidden]
    carried = stacked(stopGradient(states).flatMap(\.tensors))
    return output(dropped(y))
  }

  /// The states of all layers from their tensors, [part, batch, hidden].
  private func unpacked(_ carried: Tensor) -> [Cell.State]? {
    guard carried.shape[0] > 0 else { return nil }
    let parts = carried.shape[0] / network.forward.count
    return network.forward.indices.map { layer in
      Cell.State(tensors: (0..<parts).map { carried[layer * parts + $0] })
    }
  }

  private func dropped(_ x: Tensor) -> Tensor {
    dropout > 0 && Mode.current == .training ? Core.dropout(x, probability: dropout) : x
  }

  var beginning: [Cell.State] { network.initialStates(batch: 1) }

  func step(_ states: [Cell.State], _ token: Int) -> (logits: Tensor, state: [Cell.State]) {
    let x = vectors.value.gathered(at: Tensor(scalars: [token], shape: [1]))  // [1, embedding]
    let (y, next) = network.step(x, from: states)
    return (output(y)[0], next)
  }
}
