import Core

/// Steps of one size in the direction of the gradient's sign: a user's own optimizer, complete.
public struct SignDescent: Optimizer {
  public var learningRate = 1e-3

  public init(learningRate: Double = 1e-3) { self.learningRate = learningRate }

  public func initialState(for parameter: Tensor) {}

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
  ) -> Tensor {
    sign(gradient) * learningRate
  }
}
