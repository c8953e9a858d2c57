import Core

// The indicator function of a set,
//
//     𝟏_S(x) = 1 for x ∈ S,  0 else
//
// Its derivative is taken as 0. A NaN lies in no interval.
//
// Source: course document 001, exercise 1.

/// 1 where a condition holds and 0 elsewhere: `indicator(x .> 0)` is 𝟏{x > 0}.
///
/// - Parameter condition: A bool tensor.
public func indicator(_ condition: Tensor, dtype: DType = .float32) -> Tensor {
  require(condition.dtype == .bool, "indicator: the condition is \(condition.dtype), not bool")
  return condition.cast(to: dtype)
}

/// The indicator of the set of all x for which `condition` holds, in the type of x:
/// `indicator(x) { $0 .> 0 }`.
public func indicator(_ x: Tensor, where condition: (Tensor) -> Tensor) -> Tensor {
  indicator(condition(x.detached), dtype: floating(x.detached).dtype)
}

/// The indicator of [lower, upper]: `indicator(x, of: -1...1)`.
public func indicator(_ x: Tensor, of interval: ClosedRange<Double>) -> Tensor {
  indicator(x) { ($0 .>= interval.lowerBound) .&& ($0 .<= interval.upperBound) }
}

/// The indicator of [lower, upper): `indicator(x, of: 0..<1)`.
public func indicator(_ x: Tensor, of interval: Range<Double>) -> Tensor {
  indicator(x) { ($0 .>= interval.lowerBound) .&& ($0 .< interval.upperBound) }
}

/// The indicator of [lower, ∞]: `indicator(x, of: 0...)`.
public func indicator(_ x: Tensor, of interval: PartialRangeFrom<Double>) -> Tensor {
  indicator(x) { $0 .>= interval.lowerBound }
}

/// The indicator of [−∞, upper]: `indicator(x, of: ...0)`.
public func indicator(_ x: Tensor, of interval: PartialRangeThrough<Double>) -> Tensor {
  indicator(x) { $0 .<= interval.upperBound }
}

/// The indicator of [−∞, upper): `indicator(x, of: ..<0)`.
public func indicator(_ x: Tensor, of interval: PartialRangeUpTo<Double>) -> Tensor {
  indicator(x) { $0 .< interval.upperBound }
}
