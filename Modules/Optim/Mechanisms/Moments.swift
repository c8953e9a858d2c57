import Core
internal import Kernels

/// What the rules of Adam's family remember for a parameter: the moving averages of its gradient
/// and of the gradient's square, and how many steps they have seen.
public struct Moments: OptimizerState, Sendable {
  /// m
  public internal(set) var first: Tensor
  /// s
  public internal(set) var second: Tensor
  /// t
  public internal(set) var count = 0

  init(for parameter: Tensor) {
    first = .zeros(like: parameter)
    second = .zeros(like: parameter)
  }

  /// Takes in one gradient.
  mutating func takeIn(_ g: Tensor, _ beta1: Double, _ beta2: Double) {
    count += 1
    first = beta1 * first + (1 - beta1) * g
    second = beta2 * second + (1 - beta2) * square(g)
  }

  /// One gradient, Adam's step and the subtraction, in one pass in place.
  mutating func update(
    _ parameter: inout Tensor, along gradient: Tensor, rate: Double, _ beta1: Double,
    _ beta2: Double, epsilon: Double, decay: Double, decoupledDecay: Double
  ) {
    count += 1
    var step = apus_adam_step(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
      decoupled_decay: decoupledDecay, correction1: correction(beta1, count),
      correction2: correction(beta2, count))
    let gradient = gradient.contiguous()
    parameter.makeUnique()
    first.makeUnique()
    second.makeUnique()
    apus_adam(
      parameter.dtype.kernel, parameter.count, &step, parameter.pointer, gradient.pointer,
      first.pointer, second.pointer)
    extendLifetime(gradient)
    extendLifetime(parameter)
    extendLifetime(self)
  }

  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("first", &first)
    visitor.visit("second", &second)
    visitor.visit("count", &count)
  }
}
