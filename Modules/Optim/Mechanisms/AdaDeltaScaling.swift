import Core

/// Each element in units of the parameter's own recent steps.
///
///     s ← ρ s + (1 − ρ) g²
///     step = √(u + ε) / √(s + ε) · g
///     u ← ρ u + (1 − ρ) step²
///
/// Source: [Zeiler 2012].
public struct AdaDeltaScaling: Optimizer, Sendable {
  /// ρ
  public var rho: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double

  /// What ``AdaDeltaScaling`` remembers for a parameter.
  public struct State: OptimizerState, Sendable {
    /// s
    public internal(set) var squares: Tensor
    /// u
    public internal(set) var steps: Tensor

    public mutating func visit(by visitor: inout some StateVisitor) {
      visitor.visit("squares", &squares)
      visitor.visit("steps", &steps)
    }
  }

  /// - Parameters:
  ///   - rho: ρ; 0.9 unless told otherwise.
  ///   - epsilon: ε; 1e-6 unless told otherwise. It also sets the size of the first steps.
  public init(rho: Double = 0.9, epsilon: Double = 1e-6) {
    requireAverage(rho, named: "rho", in: "AdaDeltaScaling")
    requireEpsilon(epsilon, in: "AdaDeltaScaling")
    self.rho = rho
    self.epsilon = epsilon
  }

  public func initialState(for parameter: Tensor) -> State {
    State(squares: .zeros(like: parameter), steps: .zeros(like: parameter))
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    state.squares = rho * state.squares + (1 - rho) * square(gradient)
    let step = sqrt((state.steps + epsilon) / (state.squares + epsilon)) * gradient
    state.steps = rho * state.steps + (1 - rho) * square(step)
    return step
  }
}
