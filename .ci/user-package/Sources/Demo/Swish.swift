import Core

/// x σ(βx) with a learnable β: a user's own layer, complete.
struct Swish: Layer {
  let beta = Parameter(Tensor(1))
  func callAsFunction(_ x: Tensor) -> Tensor { x * sigmoid(beta.value * x) }
}
