import Core

/// ``AdamScaling`` with the greatest average of squares so far, so that no element's scale grows
/// again.
///
///     m ← β₁ m + (1 − β₁) g,    s ← β₂ s + (1 − β₂) g²,    u ← max(u, s)
///     step = (m / (1 − β₁ᵗ)) / (√(u / (1 − β₂ᵗ)) + ε)
///
/// Source: [Reddi et al. 2018], with PyTorch's corrections.
public struct AMSGradScaling: Optimizer, Sendable {
  /// What is kept of the gradient's average at each step.
  public var beta1: Double
  /// What is kept of the squares' average at each step.
  public var beta2: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double

  /// What ``AMSGradScaling`` remembers for a parameter.
  public struct State: OptimizerState, Sendable {
    /// The running averages of gradient and square.
    public internal(set) var moments: Moments
    /// u
    public internal(set) var maximum: Tensor

    public mutating func visit(by visitor: inout some StateVisitor) {
      moments.visit(by: &visitor)
      visitor.visit("maximum", &maximum)
    }
  }

  /// - Parameters:
  ///   - beta1: β₁; 0.9 unless told otherwise.
  ///   - beta2: β₂; 0.999 unless told otherwise.
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    requireMoments(beta1, beta2, epsilon, in: "AMSGradScaling")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public func initialState(for parameter: Tensor) -> State {
    State(moments: Moments(for: parameter), maximum: .zeros(like: parameter))
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    state.moments.takeIn(gradient, beta1, beta2)
    state.maximum = maximum(state.maximum, state.moments.second)
    let m = state.moments.first / correction(beta1, state.moments.count)
    let u = state.maximum / correction(beta2, state.moments.count)
    return m / (sqrt(u) + epsilon)
  }
}
