import Core

/// ``AdamScaling`` with Nesterov's look ahead and a momentum that grows to β₁.
///
///     μₜ = β₁ (1 − ½ · 0.96^(t ψ)),    πₜ = μ₁ … μₜ
///     m ← β₁ m + (1 − β₁) g,    s ← β₂ s + (1 − β₂) g²
///     step = (μₜ₊₁ m / (1 − πₜ₊₁) + (1 − μₜ) g / (1 − πₜ)) / (√(s / (1 − β₂ᵗ)) + ε)
///
/// Source: [Dozat 2016], with PyTorch's constants.
public struct NAdamScaling: Optimizer, Sendable {
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// ψ: how fast the momentum grows.
  public var momentumDecay: Double

  /// What ``NAdamScaling`` remembers for a parameter.
  public struct State: OptimizerState, Sendable {
    /// The running averages of gradient and square.
    public internal(set) var moments: Moments
    /// πₜ
    public internal(set) var product = 1.0

    public mutating func visit(by visitor: inout some StateVisitor) {
      moments.visit(by: &visitor)
      visitor.visit("product", &product)
    }
  }

  /// - Parameters:
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.999 unless told otherwise.
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  ///   - momentumDecay: ψ; 4e-3 unless told otherwise.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    momentumDecay: Double = 4e-3
  ) {
    requireMoments(beta1, beta2, epsilon, in: "NAdamScaling")
    require(
      momentumDecay >= 0, "NAdamScaling: the decay of the momentum \(momentumDecay) is negative")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
  }

  public func initialState(for parameter: Tensor) -> State {
    State(moments: Moments(for: parameter))
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    state.moments.takeIn(gradient, beta1, beta2)
    let t = state.moments.count
    let (now, next) = (momentum(at: t), momentum(at: t + 1))
    state.product *= now
    let m = (next / (1 - state.product * next)) * state.moments.first
    let g = ((1 - now) / (1 - state.product)) * gradient
    return (m + g) / (sqrt(state.moments.second / correction(beta2, t)) + epsilon)
  }

  private func momentum(at t: Int) -> Double {
    beta1 * (1 - 0.5 * power(0.96, Double(t) * momentumDecay))
  }
}
