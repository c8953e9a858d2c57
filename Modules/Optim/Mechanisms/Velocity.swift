import Core

/// What ``GradientDescent`` and ``MomentumTrace`` remember for a parameter: the moving sum of its
/// gradients.
public struct Velocity: OptimizerState, Sendable {
  /// v; `nil` without momentum.
  public internal(set) var value: Tensor?
  /// How many gradients it has taken in.
  public internal(set) var count = 0

  /// v ← μ v + (1 − d) g, or g at the first step; returns v.
  mutating func takeIn(_ g: Tensor, momentum: Double, dampening: Double) -> Tensor {
    let v: Tensor
    if count > 0, let value { v = momentum * value + (1 - dampening) * g } else { v = g }
    value = v
    count += 1
    return v
  }

  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("value", &value)
    visitor.visit("count", &count)
  }
}
