import Core
import LayerTesting

/// The whole range of a floating type: infinities, both zeros, the greatest numbers, and some 30,000
/// others evenly over all bit patterns, subnormal ones included.
func wholeRange(_ dtype: DType, isInfiniteIncluded: Bool = true) -> Tensor {
  let ends: [Double] = isInfiniteIncluded ? [.infinity, -.infinity] : []
  if dtype == .float32 {
    let some = stride(from: UInt32(0), to: Float.infinity.bitPattern, by: 0x21_0d3).map {
      Float(bitPattern: $0)
    }
    let edges = [
      0, Float.leastNonzeroMagnitude, .leastNormalMagnitude, .ulpOfOne, 1, .greatestFiniteMagnitude,
    ]
    let positive = some + edges
    return Tensor(ends.map(Float.init) + positive + positive.map { -$0 })
  }
  let some = stride(from: UInt64(0), to: Double.infinity.bitPattern, by: 0x1_f00d_dead_beef).map {
    Double(bitPattern: $0)
  }
  let edges = [
    0, Double.leastNonzeroMagnitude, .leastNormalMagnitude, .ulpOfOne, 1, .greatestFiniteMagnitude,
  ]
  let positive = some + edges
  return Tensor(ends + positive + positive.map { -$0 }, dtype: .float64)
}

/// The derivative of an elementwise function at each element.
func slope(of function: (Tensor) -> Tensor, at x: Tensor) -> Tensor {
  gradient(at: x) { function($0).sum() }
}

/// The derivative by the recordable form of the pull-back, as a second derivative would see it.
func recordedSlope(
  of function: (Tensor) -> Tensor, at x: Tensor, upstream: Tensor? = nil
) -> Tensor {
  valueWithGradient(at: x) { x in
    let inner = gradient(at: x) { x in
      let y = function(x)
      return (upstream.map { y * $0 } ?? y).sum()
    }
    return (x.sum(), inner)
  }.auxiliary
}

/// The elements for which a condition holds.
func elements(of x: Tensor, where condition: Tensor) -> Tensor {
  let kept = zip(x.scalars(as: Double.self), condition.scalars(as: Bool.self)).filter(\.1).map(\.0)
  return Tensor(kept, dtype: x.dtype)
}

/// One relative rounding error of a type.
func roundingError(_ dtype: DType) -> Double {
  dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
}

let floatingTypes: [DType] = [.float32, .float64]
