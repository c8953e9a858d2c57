import Core

/// A moving sum of the gradients: the mechanism of momentum.
///
///     v ← μ v + (1 − d) g          (v = g at the first step)
///     step = v                     (Nesterov: g + μ v)
///
/// Without momentum the step is g, and nothing is remembered.
///
/// Source: [Polyak 1964]; [Nesterov 1983], in the form of [Sutskever et al. 2013].
public struct MomentumTrace: Optimizer, Sendable {
  /// What is kept of the velocity at each step, α.
  public var momentum: Double
  /// What is taken off a new gradient's share.
  public var dampening: Double
  /// Whether the step looks ahead along the velocity.
  public var isNesterov: Bool

  /// - Parameters:
  ///   - momentum: μ; 0.9 unless told otherwise.
  ///   - dampening: d; 0 unless told otherwise.
  ///   - isNesterov: Whether the step looks ahead; it then needs a momentum and no dampening.
  public init(momentum: Double = 0.9, dampening: Double = 0, isNesterov: Bool = false) {
    requireMomentum(momentum, dampening, isNesterov, in: "MomentumTrace")
    self.init(unchecked: momentum, dampening, isNesterov)
  }

  init(unchecked momentum: Double, _ dampening: Double, _ isNesterov: Bool) {
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
  }

  public func initialState(for parameter: Tensor) -> Velocity {
    Velocity(value: momentum == 0 ? nil : .zeros(like: parameter))
  }

  /// A velocity moves on in rows without a gradient too.
  public var isRowLocal: Bool { momentum == 0 }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Velocity, at iteration: Int
  ) -> Tensor {
    if momentum == 0 { return gradient }
    let v = state.takeIn(gradient, momentum: momentum, dampening: dampening)
    return isNesterov ? gradient + momentum * v : v
  }
}

/// Stops on settings of momentum that no rule can mean.
func requireMomentum(
  _ momentum: Double, _ dampening: Double, _ isNesterov: Bool, in rule: StaticString
) {
  require(momentum >= 0, "\(rule): the momentum \(momentum) is negative")
  require(
    !isNesterov || (momentum > 0 && dampening == 0),
    "\(rule): Nesterov's step needs a momentum and no dampening, got \(momentum) and \(dampening)")
}
