/// The cosine of the angle between vectors along an axis.
///
/// ```
/// cos(a, b) = a·b / (‖a‖ ‖b‖)
/// ```
///
/// A vector of zeros has the cosine 0 with any other. Neither large nor small vectors overflow.
///
/// - Parameters:
///   - a: Vectors of any shape.
///   - b: The same; the shapes broadcast.
///   - axis: The axis of the components, which the result lacks.
public func cosineSimilarity(_ a: Tensor, _ b: Tensor, along axis: Int = -1) -> Tensor {
  (directions(a, along: axis) * directions(b, along: axis)).sum(along: axis)
}

/// Vectors scaled to length 1; zeros stay.
///
/// The largest component is divided out first, lest squares overflow. It may count as a constant:
/// the direction does not depend on it.
func directions(_ x: Tensor, along axis: Int = -1) -> Tensor {
  let x = floating(x)
  let scaled = x / componentScale(x, along: axis)
  let squares = square(scaled).sum(along: axis, keepingAxes: true)
  return scaled / sqrt(select(squares.detached .== 0, Tensor(1, dtype: x.dtype), squares))
}

/// The largest size of the components of each vector, as a constant; 1 where all are 0.
func componentScale(_ x: Tensor, along axis: Int) -> Tensor {
  let sizes = abs(x.detached).maximum(along: axis, keepingAxes: true)
  return select(sizes .== 0, Tensor(1, dtype: x.dtype), sizes)
}

/// The distance ‖a − b‖ₚ of vectors along the last axis; its derivative is taken as 0 where both
/// are equal.
func distance(_ a: Tensor, _ b: Tensor, order p: Double) -> Tensor {
  let difference = a - b
  if p == 1 { return abs(difference).sum(along: -1) }
  if p == .infinity { return abs(difference).maximum(along: -1) }
  let scale = componentScale(difference, along: -1)
  let scaled = difference / scale
  let powers = (p == 2 ? square(scaled) : pow(abs(scaled), p)).sum(along: -1)
  let isZero = powers.detached .== 0
  let (zero, one) = (Tensor(0, dtype: powers.dtype), Tensor(1, dtype: powers.dtype))
  let safe = select(isZero, one, powers)
  let lengths = p == 2 ? sqrt(safe) : pow(safe, 1 / p)
  return select(isZero, zero, lengths) * scale.reshaped(powers.shape)
}

/// Both inputs in one floating type, after checking that they are […, features] of one shape.
func embeddings(
  _ first: Tensor, _ second: Tensor, in operation: StaticString
) -> (Tensor, Tensor) {
  let (a, b) = promoted(floating(first), floating(second))
  require(
    a.rank > 0 && a.shape == b.shape && a.shape[a.rank - 1] > 0,
    "\(operation): the shapes \(a.shape) and \(b.shape) are not both […, features]")
  return (a, b)
}

/// The targets of pairs, one for each vector of `x`, in the type of `x`.
func pairTargets(_ targets: Tensor, for x: Tensor, in operation: StaticString) -> Tensor {
  require(
    targets.shape == Shape(x.shape.dropLast()),
    """
    \(operation): targets of shape \(targets.shape) do not fit embeddings of shape \(x.shape), \
    which need one for each vector of the last axis
    """)
  return targets.cast(to: x.dtype)
}
