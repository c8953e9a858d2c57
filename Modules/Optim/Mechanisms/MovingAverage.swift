import Core

/// An exponential moving average of the gradients.
///
///     v ← β v + (1 − β) g
///     step = v / (1 − βᵗ)          (without the correction: v)
///
/// t counts the steps of each parameter by itself. The corrected average estimates the expected
/// gradient without bias if that is constant.
public struct MovingAverage: Optimizer, Sendable {
  /// β
  public var beta: Double
  /// Whether the average is divided by what it lacks for having started from 0.
  public var correctsBias: Bool

  /// - Parameters:
  ///   - beta: β; 0.9 unless told otherwise.
  ///   - correctsBias: `true` unless told otherwise.
  public init(beta: Double = 0.9, correctsBias: Bool = true) {
    requireAverage(beta, named: "beta", in: "MovingAverage")
    self.beta = beta
    self.correctsBias = correctsBias
  }

  public func initialState(for parameter: Tensor) -> RunningAverage {
    RunningAverage(for: parameter)
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout RunningAverage, at iteration: Int
  ) -> Tensor {
    let v = state.takeIn(gradient, beta)
    return correctsBias ? v / correction(beta, state.count) : v
  }
}
