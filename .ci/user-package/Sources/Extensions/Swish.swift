import Core

/// x σ(βx) with a learnable β: a user's own layer, complete.
public struct Swish: Layer {
  public let beta = Parameter(Tensor(1))
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { x * sigmoid(beta.value * x) }
}
