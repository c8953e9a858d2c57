import Core
import Foundation

/// The moving average of one quantity, and how many values it has seen: what ``MovingAverage``
/// remembers for a parameter.
public struct RunningAverage: OptimizerState, Sendable {
  /// The average so far.
  public internal(set) var value: Tensor
  /// t
  public internal(set) var count = 0

  init(for parameter: Tensor) { value = .zeros(like: parameter) }

  /// value ← β value + (1 − β) x; returns it.
  @discardableResult
  mutating func takeIn(_ x: Tensor, _ beta: Double) -> Tensor {
    count += 1
    value = beta * value + (1 - beta) * x
    return value
  }

  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("value", &value)
    visitor.visit("count", &count)
  }
}

/// 1 − βᵗ: what an average of t values that started from 0 lacks.
func correction(_ beta: Double, _ count: Int) -> Double { 1 - power(beta, count) }

/// βᵗ by squaring: exact to a few rounding errors, and no library function of this platform or
/// that. What 1 is too large to notice is given as 0.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
    // The highest bit is still to come.
    if square < 1e-30 && rest > 0 { return 0 }
  }
  return result
}

/// xᵃ for any a.
func power(_ base: Double, _ exponent: Double) -> Double { Foundation.pow(base, exponent) }
