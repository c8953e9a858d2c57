/// Sets elements to 0 with a probability, and divides the others by that of keeping them, so that
/// the expectation is x.
///
/// ```
/// y = x ⊙ m / (1 − p),   m ∼ Bernoulli(1 − p)
/// ```
///
/// Draws from the innermost ``withRandom(seed:_:)``, in any ``Mode``; the layers ask for the mode.
/// The derivative is the same mask times the upstream gradient.
///
/// - Parameters:
///   - x: Any shape; integers become float32.
///   - probability: p, that of an element to be dropped, within 0…1.
///   - sharedAxes: Axes along which one draw counts for all: with the axes of space of
///     [batch, channels, height, width], whole channels go.
///
/// [Srivastava et al. 2014]: https://jmlr.org/papers/v15/srivastava14a.html
public func dropout(_ x: Tensor, probability: Double, sharedAxes: [Int] = []) -> Tensor {
  let x = floating(x)
  requireProbability(probability, in: "dropout")
  if probability == 0 { return x }
  let keep = 1 - probability
  return x * dropoutMask(for: x, keep: keep, value: keep > 0 ? 1 / keep : 0, sharedAxes)
}

/// Independent draws of `value` with probability `keep`, else 0, in the shape of `x` with an extent
/// of 1 along the shared axes.
package func dropoutMask(
  for x: Tensor, keep: Double, value: Double, _ sharedAxes: [Int]
) -> Tensor {
  var shape = x.shape
  for axis in sharedAxes { shape[x.shape.resolved(axis, in: "dropout")] = 1 }
  var generator = RandomGenerator.split()
  return .randomBernoulli(
    shape, probability: keep, value: value, dtype: x.dtype, using: &generator)
}

package func requireProbability(_ probability: Double, in operation: StaticString) {
  require(
    (0...1).contains(probability), "\(operation): \(probability) is no probability")
}
