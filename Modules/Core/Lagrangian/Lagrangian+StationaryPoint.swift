extension Lagrangian {
  /// Where the Lagrangian is stationary in its states and multipliers.
  public struct StationaryPoint: Sendable {
    /// c(z(l)), which is also the value of the Lagrangian.
    public let loss: Tensor
    /// z(1) … z(l).
    public let states: [Tensor]
    /// λ₁ … λ_l, the total derivatives dc/dz(i), each in the shape of its state.
    public let multipliers: [Tensor]
    /// ∂ℒ/∂w(i), which is dc/dw(i), keyed by parameter.
    public let gradients: Gradients
  }

  /// Solves ∂ℒ/∂λ = 0 and ∂ℒ/∂z = 0, and computes ∂ℒ/∂w there.
  ///
  /// ```
  /// z(i) = Fᵢ(z(i − 1), w(i))                       i = 1 … l
  /// λ_l  = ∂c/∂z(l)
  /// λᵢ   = (∂Fᵢ₊₁/∂z(i))ᵀ λᵢ₊₁                      i = l − 1 … 1
  /// ∂ℒ/∂w(i) = (∂Fᵢ/∂w(i))ᵀ λᵢ
  /// ```
  ///
  /// The derivatives of each stage are taken alone, between its own input and output. A parameter
  /// that several stages share gets the sum. Each stage runs once, so random ones are safe here. The
  /// result can be differentiated, inside the derivative of something that it depends on.
  ///
  /// - Parameter mode: The mode of the forward pass; training unless told otherwise, as for
  ///   `valueWithGradient(of:mode:_:)`.
  /// - Complexity: That of the loss and its ordinary gradient.
  public func stationaryPoint(mode: Mode = .training) -> StationaryPoint {
    let point = withDerivativeScope { inMode(mode) { solve() } }
    return StationaryPoint(
      loss: point.loss.leavingScope(), states: point.states.map { $0.leavingScope() },
      multipliers: point.multipliers.map { $0.leavingScope() },
      gradients: point.gradients.mappedAlike { $0.leavingScope() })
  }

  /// The forward pass and the backward recursion, within a derivative scope.
  private func solve() -> StationaryPoint {
    // Each state is a variable of its own, so that a stage's derivative ends there. The derivative
    // with respect to x is computed only if an enclosing one may ask for it.
    var inputs = [input.isTracked ? input.variable() : input]
    var outputs: [Tensor] = []
    for stage in stages {
      let output = stage(inputs[inputs.count - 1])
      outputs.append(output)
      inputs.append(output.variable())
    }
    let last = inputs[stages.count]
    let loss = loss(last)
    requireScalar(loss, in: "Lagrangian")

    let leaves = list.entries.map { $0.parameter.leaf }
    let parameters = leaves.compactMap { $0 }
    var sums = [Tensor?](repeating: nil, count: parameters.count)
    var multipliers: [Tensor] = []
    var multiplier = backward([(loss, Tensor.ones(like: loss))], at: [last.node!])[0]
    for index in stages.indices.reversed() {
      let current = multiplier ?? Tensor.zeros(like: outputs[index].detached)
      multipliers.append(current)
      // One walk gives (∂F/∂z)ᵀ λ and (∂F/∂w)ᵀ λ together.
      let node = inputs[index].node
      let found = backward([(outputs[index], current)], at: parameters + (node.map { [$0] } ?? []))
      for (slot, gradient) in found.prefix(parameters.count).enumerated() {
        guard let gradient else { continue }
        sums[slot] = sums[slot].map { $0 + gradient } ?? gradient
      }
      multiplier = node == nil ? nil : found[parameters.count]
    }
    var next = sums.makeIterator()
    return StationaryPoint(
      loss: loss, states: Array(inputs.dropFirst()), multipliers: multipliers.reversed(),
      gradients: Gradients(list: list, tensors: leaves.map { $0 == nil ? nil : next.next()! }))
  }
}
