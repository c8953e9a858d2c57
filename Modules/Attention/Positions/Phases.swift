import Core
import Foundation

/// t · base^(−2i/width) in float64 for the places t from `first` on, [count, ⌈width / 2⌉]: the
/// angles of sinusoidal and rotary positions.
func phases(from first: Int, count: Int, width: Int, base: Double) -> Tensor {
  let places = Tensor.range(0..<count).cast(to: .float64) + Double(first)
  let pairs = Tensor.range(0..<((width + 1) / 2)).cast(to: .float64)
  return outer(places, exp(pairs * (-2 * Foundation.log(base) / Double(max(width, 1)))))
}
