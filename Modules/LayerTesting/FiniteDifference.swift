import Core

/// What is moved to take a finite difference.
enum Probe {
  case element(Int)
  case direction([Double])
}

/// A numeric derivative with an estimate of its own error.
struct NumericDerivative {
  var value: Double
  var error: Double
}

/// Central differences, extrapolated.
///
/// Three differences at h, h/2 and h/4 are combined by Richardson's rule, which leaves an error of
/// order h⁶; the first h is large, so that rounding hardly counts. Where the function is not smooth
/// over ±h (a kink or the edge of its domain is near) the extrapolation does not settle, and smaller
/// steps are tried; the estimate that settles best is returned.
///
/// - Parameters:
///   - scale: The size of the numbers moved.
///   - isGoodEnough: Whether an estimate may end the search.
///   - difference: ⟨u, f(x + h) − f(x − h)⟩ / 2h.
func extrapolatedDerivative(
  scale: Double, isGoodEnough: (NumericDerivative) -> Bool, difference: (Double) -> Double
) -> NumericDerivative {
  var best = NumericDerivative(value: .nan, error: .infinity)
  var h = max(scale, 0.5) / 64
  for _ in 0..<6 {
    let (d1, d2, d3) = (difference(h), difference(h / 2), difference(h / 4))
    let (e1, e2) = ((4 * d2 - d1) / 3, (4 * d3 - d2) / 3)
    let value = (16 * e2 - e1) / 15
    let error = abs(e2 - e1) + abs(value - e2)
    if value.isFinite, error < best.error || best.value.isNaN {
      best = NumericDerivative(value: value, error: error)
    }
    if isGoodEnough(best) { return best }
    h /= 8
  }
  return best
}
