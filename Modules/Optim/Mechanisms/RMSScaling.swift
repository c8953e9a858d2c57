import Core

/// Each element divided by the root of a moving average of its squares.
///
///     s ← β s + (1 − β) g²
///     step = g / (√s + ε)
///
/// Centred, the average's own square is taken off, which leaves the variance:
///
///     m ← β m + (1 − β) g
///     step = g / (√(s − m²) + ε)
///
/// Source: [Hinton 2012]; centred, [Graves 2013].
public struct RMSScaling: Optimizer, Sendable {
  /// β
  public var beta: Double
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// Whether the squared mean is taken off the mean square.
  public let isCentered: Bool

  /// What ``RMSScaling`` remembers for a parameter.
  public struct State: OptimizerState, Sendable {
    /// s
    public internal(set) var squares: Tensor
    /// m; `nil` unless centred.
    public internal(set) var mean: Tensor?

    public mutating func visit(by visitor: inout some StateVisitor) {
      visitor.visit("squares", &squares)
      visitor.visit("mean", &mean)
    }
  }

  /// - Parameters:
  ///   - beta: β; 0.99 unless told otherwise.
  ///   - epsilon: ε; 1e-8 unless told otherwise.
  ///   - isCentered: Whether the variance scales instead of the mean square; `false` unless told
  ///     otherwise.
  public init(beta: Double = 0.99, epsilon: Double = 1e-8, isCentered: Bool = false) {
    requireAverage(beta, named: "beta", in: "RMSScaling")
    requireEpsilon(epsilon, in: "RMSScaling")
    self.beta = beta
    self.epsilon = epsilon
    self.isCentered = isCentered
  }

  public func initialState(for parameter: Tensor) -> State {
    State(squares: .zeros(like: parameter), mean: isCentered ? .zeros(like: parameter) : nil)
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    state.squares = beta * state.squares + (1 - beta) * square(gradient)
    guard let mean = state.mean else { return gradient / (sqrt(state.squares) + epsilon) }
    let average = beta * mean + (1 - beta) * gradient
    state.mean = average
    // Rounding can leave a little less than nothing.
    let variance = maximum(state.squares - square(average), 0)
    return gradient / (sqrt(variance) + epsilon)
  }
}
