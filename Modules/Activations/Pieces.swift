import Core

// What the piecewise functions are made of. A `select` passes no gradient to the side it did not
// choose, but 0 · ∞ within that side would still be NaN; so each side is computed on an argument
// that is harmless where it is not chosen.

extension Tensor {
  /// A number in this tensor's type, to broadcast against it.
  func constant(_ value: Double) -> Tensor { .full([], value, dtype: dtype) }

  /// The elements that are negative or 0; 0 elsewhere. The gradient passes where x ≤ 0.
  var nonpositivePart: Tensor {
    // The minimum is faster, but would pass half of the gradient at 0.
    isTracked ? select(self .> 0, constant(0), self) : Core.minimum(self, 0)
  }
}

/// `upstream` where a condition holds and 0 elsewhere, so that an infinite gradient stops there too.
func pass(_ upstream: Tensor, where condition: Tensor) -> Tensor {
  select(condition, upstream, upstream.constant(0))
}

/// x within ±`bound`, for terms that vanish before it: it keeps 0 · ∞ out of them.
func bounded(_ x: Tensor, by bound: Double) -> Tensor { x.clamped(to: -bound...bound) }
