internal import Kernels

// Numbers beside tensors. The number takes the tensor's type; an integer tensor takes whole numbers
// only (cast it first), except that dividing always works in floating point.

extension Tensor {
  /// The sum, element by element.
  public static func + (lhs: Tensor, rhs: Double) -> Tensor {
    apply(.add, lhs, scalar: rhs).recorded(from: lhs) { upstream, _ in upstream }
  }

  /// The sum, element by element.
  public static func + (lhs: Double, rhs: Tensor) -> Tensor { rhs + lhs }

  /// The difference, element by element.
  public static func - (lhs: Tensor, rhs: Double) -> Tensor {
    apply(.subtract, lhs, scalar: rhs).recorded(from: lhs) { upstream, _ in upstream }
  }

  /// The difference, element by element.
  public static func - (lhs: Double, rhs: Tensor) -> Tensor {
    apply(.subtract, rhs, scalar: lhs, reversed: true)
      .recorded(from: rhs) { upstream, _ in -upstream }
  }

  /// The product, element by element.
  public static func * (lhs: Tensor, rhs: Double) -> Tensor {
    apply(.multiply, lhs, scalar: rhs).recorded(from: lhs) { upstream, _ in upstream * rhs }
  }

  /// The product, element by element.
  public static func * (lhs: Double, rhs: Tensor) -> Tensor { rhs * lhs }

  /// The quotient, element by element.
  public static func / (lhs: Tensor, rhs: Double) -> Tensor {
    let x = floating(lhs)
    return apply(.divide, x, scalar: rhs).recorded(from: x) { upstream, _ in upstream / rhs }
  }

  /// The quotient, element by element.
  public static func / (lhs: Double, rhs: Tensor) -> Tensor {
    let x = floating(rhs)
    let quotient = apply(.divide, x, scalar: lhs, reversed: true)
    guard x.isTracked else { return quotient }
    let (savedX, savedQuotient) = (Saved(x), Saved(quotient))
    return quotient.recorded(from: x) { upstream, node in
      -upstream * savedQuotient.restored(node) / savedX.restored(node.first)
    }
  }

  /// The remainder, element by element.
  public static func % (lhs: Tensor, rhs: Double) -> Tensor {
    apply(.remainder, lhs, scalar: rhs).recorded(from: lhs) { upstream, _ in upstream }
  }

  /// The sum, element by element.
  @_disfavoredOverload
  public static func + <Scalar: TensorScalar>(lhs: Tensor, rhs: Scalar) -> Tensor {
    lhs + rhs.asDouble
  }

  /// The sum, element by element.
  @_disfavoredOverload
  public static func + <Scalar: TensorScalar>(lhs: Scalar, rhs: Tensor) -> Tensor {
    lhs.asDouble + rhs
  }

  /// The difference, element by element.
  @_disfavoredOverload
  public static func - <Scalar: TensorScalar>(lhs: Tensor, rhs: Scalar) -> Tensor {
    lhs - rhs.asDouble
  }

  /// The difference, element by element.
  @_disfavoredOverload
  public static func - <Scalar: TensorScalar>(lhs: Scalar, rhs: Tensor) -> Tensor {
    lhs.asDouble - rhs
  }

  /// The product, element by element.
  @_disfavoredOverload
  public static func * <Scalar: TensorScalar>(lhs: Tensor, rhs: Scalar) -> Tensor {
    lhs * rhs.asDouble
  }

  /// The product, element by element.
  @_disfavoredOverload
  public static func * <Scalar: TensorScalar>(lhs: Scalar, rhs: Tensor) -> Tensor {
    lhs.asDouble * rhs
  }

  /// The quotient, element by element.
  @_disfavoredOverload
  public static func / <Scalar: TensorScalar>(lhs: Tensor, rhs: Scalar) -> Tensor {
    lhs / rhs.asDouble
  }

  /// The quotient, element by element.
  @_disfavoredOverload
  public static func / <Scalar: TensorScalar>(lhs: Scalar, rhs: Tensor) -> Tensor {
    lhs.asDouble / rhs
  }

  /// Replaces this tensor by the sum; shapes broadcast.
  public static func += (lhs: inout Tensor, rhs: Double) { lhs = lhs + rhs }
  /// Replaces this tensor by the difference; shapes broadcast.
  public static func -= (lhs: inout Tensor, rhs: Double) { lhs = lhs - rhs }
  /// Replaces this tensor by the product; shapes broadcast.
  public static func *= (lhs: inout Tensor, rhs: Double) { lhs = lhs * rhs }
  /// Replaces this tensor by the quotient; shapes broadcast.
  public static func /= (lhs: inout Tensor, rhs: Double) { lhs = lhs / rhs }
}

/// The greater of each element and a number; half the gradient passes where they are equal.
public func maximum(_ x: Tensor, _ bound: Double) -> Tensor {
  clampedAgainst(.maximum, x, bound)
}

/// The lesser of each element and a number; half the gradient passes where they are equal.
public func minimum(_ x: Tensor, _ bound: Double) -> Tensor {
  clampedAgainst(.minimum, x, bound)
}

private func clampedAgainst(_ operation: apus_binary, _ x: Tensor, _ bound: Double) -> Tensor {
  let result = apply(operation, x, scalar: bound)
  guard x.isTracked else { return result }
  let saved = Saved(x)
  let isMaximum = operation == .maximum
  return result.recorded(from: x, as: isMaximum ? "maximum" : "minimum") { upstream, _ in
    let x = saved.restored(nil)
    return upstream * heaviside(isMaximum ? x - bound : bound - x)
  }
}

extension Tensor {
  /// Each element moved into a closed range; outside it the gradient is 0, on its borders 1.
  public func clamped(to range: ClosedRange<Double>) -> Tensor {
    let limited = apply(
      .minimum, apply(.maximum, self, scalar: range.lowerBound), scalar: range.upperBound)
    guard isTracked else { return limited }
    let saved = Saved(self)
    return limited.recorded(from: self) { upstream, _ in
      let x = saved.restored(nil)
      let inside = (x .>= range.lowerBound) .&& (x .<= range.upperBound)
      return select(inside, upstream, Tensor.zeros(like: upstream))
    }
  }
}
