import Core

/// A layer whose input is differentiated with respect to as well.
struct WithInput<L: Layer<Tensor, Tensor>>: Layer {
  let layer: L
  let input: Parameter

  func callAsFunction(_ x: Tensor) -> Tensor { layer(x) }

  /// A number whose gradient with respect to the layer's output is `upstream`, at no cost.
  func output(backwardFrom upstream: Tensor) -> Tensor {
    seed(layer(input.value), with: upstream)
  }
}

/// A number whose gradient with respect to `output` is `upstream`, at no cost.
func seed(_ output: Tensor, with upstream: Tensor) -> Tensor {
  differentiable(output, value: { _ in Tensor(0) }) { _, _, _ in upstream }
}
