import Core

/// Back-propagation through time written out, for one sequence and the network of course document
/// 004, question 1:
///
/// ```
/// h_t = σ(W x_t + U h_{t−1}),   y_t = V h_t,   L = Σ_t L_t,   L_t = ‖z_t − y_t‖²
/// ```
///
/// with the logistic σ. Backward, from the last step on:
///
/// ```
/// ∇_{h_t} L_t = −2 Vᵀ (z_t − y_t)
/// ∂h_{t+1}/∂h_t = diag(h_{t+1} ⊙ (1 − h_{t+1})) U
/// ∇_{h_t} L = ∇_{h_t} L_t + (∂h_{t+1}/∂h_t)ᵀ ∇_{h_{t+1}} L
/// ∇_W L = Σ_t diag(h_t ⊙ (1 − h_t)) ∇_{h_t} L x_tᵀ
/// ∇_U L = Σ_t diag(h_t ⊙ (1 − h_t)) ∇_{h_t} L h_{t−1}ᵀ
/// ```
///
/// This is for reading and comparing: layers are differentiated automatically.
public struct BackpropagationThroughTime: Sendable {
  /// h_1, …, h_T, each [hidden].
  public let states: [Tensor]
  /// y_1, …, y_T.
  public let outputs: [Tensor]
  /// L
  public let loss: Tensor
  /// ∇_{h_t} L_t: what step t's own loss says of its state.
  public let localGradients: [Tensor]
  /// ∂h_{t+1}/∂h_t for t = 0, …, T − 1, each [hidden, hidden].
  public let stepJacobians: [Tensor]
  /// ∇_{h_t} L: what all losses from step t on say of it.
  public let stateGradients: [Tensor]
  /// ∇_W L, ∇_U L and ∇_V L.
  public let inputWeight, recurrentWeight, outputWeight: Tensor

  /// - Parameters:
  ///   - inputWeight: W, [hidden, in].
  ///   - recurrentWeight: U, [hidden, hidden].
  ///   - outputWeight: V, [out, hidden].
  ///   - inputs: x, [time, in].
  ///   - targets: z, [time, out].
  ///   - initialState: h_0, [hidden]; zeros if `nil`.
  ///   - window: Truncates: no gradient goes from a window of so many steps to the one before it. The
  ///     whole sequence if `nil`.
  public init(
    inputWeight w: Tensor, recurrentWeight u: Tensor, outputWeight v: Tensor, inputs x: Tensor,
    targets z: Tensor, initialState: Tensor? = nil, window: Int? = nil
  ) {
    require(
      x.rank == 2 && z.rank == 2 && x.shape[0] == z.shape[0] && x.shape[0] > 0,
      "BackpropagationThroughTime: inputs \(x.shape) and targets \(z.shape), not [time, …] both")
    require(window ?? 1 > 0, "BackpropagationThroughTime: a window of \(window ?? 0) steps")
    let time = x.shape[0]
    let start = initialState ?? Tensor.zeros([u.shape[0]], dtype: u.dtype)
    var states: [Tensor] = []
    for t in 0..<time {
      states.append(sigmoid(matmul(w, x[t]) + matmul(u, states.last ?? start)))
    }
    let outputs = states.map { matmul(v, $0) }
    let errors = outputs.enumerated().map { z[$0] - $1 }
    let before = [start] + states.dropLast()
    let slopes = states.map { $0 * (1 - $0) }
    let local = errors.map { -2 * matmul(v.transposed(), $0) }
    let jacobians = slopes.map { $0.expandingShape(at: 1) * u }
    var gradients = local
    for t in (0..<(time - 1)).reversed() where window.map({ (t + 1) % $0 != 0 }) ?? true {
      gradients[t] = local[t] + matmul(jacobians[t + 1].transposed(), gradients[t + 1])
    }
    func total(_ terms: [(Tensor, Tensor)]) -> Tensor {
      let products = terms.map { outer($0, $1) }
      return products.dropFirst().reduce(products[0], +)
    }
    let ofSums = zip(slopes, gradients).map { $0 * $1 }
    self.inputWeight = total(ofSums.enumerated().map { ($1, x[$0]) })
    recurrentWeight = total(Array(zip(ofSums, before)))
    outputWeight = total(zip(errors, states).map { (-2 * $0, $1) })
    loss = errors.dropFirst().reduce((errors[0] * errors[0]).sum()) { $0 + ($1 * $1).sum() }
    (self.states, self.outputs) = (states, outputs)
    (localGradients, stepJacobians, stateGradients) = (local, jacobians, gradients)
  }
}
