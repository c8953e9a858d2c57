import Core
import Recurrent

/// A state that follows its candidate slowly: a user's own recurrent cell, complete.
public struct LeakyCell: RecurrentCell {
  public let candidate: Dense
  public let hiddenSize: Int

  public init(_ inputSize: Int, _ hiddenSize: Int) {
    candidate = Dense(inputSize + hiddenSize, hiddenSize, activation: .tanh)
    self.hiddenSize = hiddenSize
  }

  public func initialState(batch: Int) -> Tensor { .zeros([batch, hiddenSize]) }

  public func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) {
    let next = 0.8 * state + 0.2 * candidate(concatenated([x, state], along: -1))
    return (next, next)
  }
}
