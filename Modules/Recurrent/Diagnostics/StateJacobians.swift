import Core

/// How much the state after each step depends on the one before it, and on the first.
///
/// ```swift
/// let jacobians = cell.stateJacobians(x)
/// print(jacobians.norms)                   // ‖∂g_t/∂g_0‖ for t = 1, …, T: how gradients vanish
/// ```
///
/// A state of several tensors, such as the LSTM's, counts as one vector of all their elements. The
/// norms are exact spectral norms, the greatest stretching of any vector:
///
/// ```
/// ∂g_T/∂g_0 = J_T ⋯ J_1,   J_t = ∂g_t/∂g_{t−1},   ‖A‖ = √λ₁(AᵀA)
/// ```
///
/// Course document 003, question 1.2.
public struct StateJacobians: Sendable {
  /// J_t for t = 1, …, T, each [batch, state, state].
  public let steps: [Tensor]
  /// ∂g_t/∂g_0 for t = 1, …, T, each [batch, state, state].
  public let products: [Tensor]

  init(steps: [Tensor]) {
    self.steps = steps
    var products: [Tensor] = []
    for step in steps { products.append(products.last.map { matmul(step, $0) } ?? step) }
    self.products = products
  }

  /// ‖J_t‖, [time, batch].
  public var stepNorms: Tensor { spectralNorm(stacked(steps)) }

  /// ‖∂g_t/∂g_0‖, [time, batch].
  public var norms: Tensor { spectralNorm(stacked(products)) }
}

extension RecurrentCell {
  /// The Jacobians of the states of sequences, at the states that they go through.
  ///
  /// - Parameters:
  ///   - x: [time, batch, …].
  ///   - state: Before the first step; the cell's initial state if `nil`.
  /// - Complexity: As many backward passes a step as a sequence's state has elements.
  public func stateJacobians(_ x: Tensor, from state: State? = nil) -> StateJacobians {
    requireTime(x, in: "stateJacobians")
    var state = (state ?? initialState(batch: x.shape[1])).mapped {
      x.dtype.isFloating ? stopGradient($0).cast(to: x.dtype) : stopGradient($0)
    }
    var steps: [Tensor] = []
    for time in 0..<x.shape[0] {
      let input = stopGradient(x[time])
      let shapes = state.tensors.map(\.shape)
      let (next, pullback) = vjp(at: flat(state)) { flat(step(input, unflat($0, shapes)).state) }
      let size = next.shape[1]
      // A row's state depends on its own alone, so one pass serves the whole batch.
      let basis = Tensor.identity(size, dtype: next.dtype)
      let rows = (0..<size).map { pullback(basis[$0].broadcast(to: next.shape)) }
      steps.append(stacked(rows, along: 1))
      state = unflat(next, shapes)
    }
    return StateJacobians(steps: steps)
  }
}

/// The state's elements side by side, [batch, state].
private func flat<State: RecurrentState>(_ state: State) -> Tensor {
  concatenated(
    state.tensors.map { $0.reshaped([$0.shape[0], $0.count / max($0.shape[0], 1)]) }, along: 1)
}

private func unflat<State: RecurrentState>(_ flat: Tensor, _ shapes: [Shape]) -> State {
  let sizes = shapes.map { $0.dropFirst().reduce(1, *) }
  return State(
    tensors: zip(flat.split(sizes: sizes, along: 1), shapes).map { $0.reshaped($1) })
}
