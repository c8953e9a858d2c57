import Core
internal import Kernels

/// What ``Adam`` and ``AdamW`` remember for a parameter: the moving averages of its gradient and of
/// the gradient's square, and how many steps they have seen.
public struct Moments: Sendable {
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

  /// Takes in one gradient and says how far to go: the rule in readable form.
  mutating func step(
    for g: Tensor, rate: Double, _ beta1: Double, _ beta2: Double, epsilon: Double
  ) -> Tensor {
    count += 1
    first = beta1 * first + (1 - beta1) * g
    second = beta2 * second + (1 - beta2) * square(g)
    let m = first / correction(beta1)
    let s = second / correction(beta2)
    return rate * m / (sqrt(s) + epsilon)
  }

  /// The same and the subtraction, in one pass in place.
  mutating func update(
    _ parameter: inout Tensor, along gradient: Tensor, rate: Double, _ beta1: Double,
    _ beta2: Double, epsilon: Double, decay: Double, decoupledDecay: Double
  ) {
    count += 1
    var step = apus_adam_step(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
      decoupled_decay: decoupledDecay, correction1: correction(beta1),
      correction2: correction(beta2))
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

  /// 1 − βᵗ: what the average of t values lacks, having started from 0.
  private func correction(_ beta: Double) -> Double { 1 - power(beta, count) }
}

/// βᵗ by squaring: exact to a few rounding errors, and no library function of this platform or that.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
