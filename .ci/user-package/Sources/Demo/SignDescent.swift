import Core

/// Steps of one size in the direction of the gradient's sign: a user's own optimizer, complete.
struct SignDescent: Optimizer {
  var learningRate = 1e-3

  func initialState(for parameter: Tensor) {}

  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
  ) -> Tensor {
    sign(gradient) * learningRate
  }
}
