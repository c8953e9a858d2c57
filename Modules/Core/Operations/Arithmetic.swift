internal import Kernels

extension Tensor {
  /// The elementwise sum; shapes broadcast, types promote.
  public static func + (lhs: Tensor, rhs: Tensor) -> Tensor {
    let (a, b) = promoted(lhs, rhs)
    let sum = apply(.add, a, b, named: "+")
    guard a.isTracked || b.isTracked else { return sum }
    let (aShape, bShape) = (a.shape, b.shape)
    return sum.recorded(from: a, b) { upstream, _, needs in
      Cotangents(
        needs[0] ? upstream.summed(to: aShape) : nil, needs[1] ? upstream.summed(to: bShape) : nil)
    }
  }

  /// The elementwise difference.
  public static func - (lhs: Tensor, rhs: Tensor) -> Tensor {
    let (a, b) = promoted(lhs, rhs)
    let difference = apply(.subtract, a, b, named: "-")
    guard a.isTracked || b.isTracked else { return difference }
    let (aShape, bShape) = (a.shape, b.shape)
    return difference.recorded(from: a, b) { upstream, _, needs in
      Cotangents(
        needs[0] ? upstream.summed(to: aShape) : nil,
        needs[1] ? -upstream.summed(to: bShape) : nil)
    }
  }

  /// The elementwise product.
  public static func * (lhs: Tensor, rhs: Tensor) -> Tensor {
    let (a, b) = promoted(lhs, rhs)
    let product = apply(.multiply, a, b, named: "*")
    guard a.isTracked || b.isTracked else { return product }
    let (savedA, savedB) = (Saved(a), Saved(b))
    return product.recorded(from: a, b) { upstream, node, needs in
      Cotangents(
        needs[0] ? (upstream * savedB.restored(node.second)).summed(to: savedA.shape) : nil,
        needs[1] ? (upstream * savedA.restored(node.first)).summed(to: savedB.shape) : nil)
    }
  }

  /// The elementwise quotient; integers divide as `float32`.
  public static func / (lhs: Tensor, rhs: Tensor) -> Tensor {
    let (a, b) = promoted(floating(lhs), floating(rhs))
    let quotient = apply(.divide, a, b, named: "/")
    guard a.isTracked || b.isTracked else { return quotient }
    let (savedB, savedQuotient, aShape) = (Saved(b), Saved(quotient), a.shape)
    return quotient.recorded(from: a, b) { upstream, node, needs in
      let scaled = upstream / savedB.restored(node.second)
      return Cotangents(
        needs[0] ? scaled.summed(to: aShape) : nil,
        needs[1] ? (-scaled * savedQuotient.restored(node)).summed(to: savedB.shape) : nil)
    }
  }

  /// The elementwise remainder of the quotient truncated toward zero, with the sign of `lhs`.
  public static func % (lhs: Tensor, rhs: Tensor) -> Tensor {
    let (a, b) = promoted(lhs, rhs)
    let remainder = apply(.remainder, a, b, named: "%")
    guard a.isTracked || b.isTracked else { return remainder }
    let (savedA, savedB) = (Saved(a), Saved(b))
    return remainder.recorded(from: a, b) { upstream, _, needs in
      let quotient = needs[1] ? truncate(savedA.restored(nil) / savedB.restored(nil)) : nil
      return Cotangents(
        needs[0] ? upstream.summed(to: savedA.shape) : nil,
        quotient.map { (-upstream * $0).summed(to: savedB.shape) })
    }
  }

  /// The negative of each element.
  public static prefix func - (x: Tensor) -> Tensor {
    apply(.negate, x).recorded(from: x) { upstream, _ in -upstream }
  }

  /// Replaces this tensor by the sum; shapes broadcast.
  public static func += (lhs: inout Tensor, rhs: Tensor) { lhs = lhs + rhs }
  /// Replaces this tensor by the difference; shapes broadcast.
  public static func -= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs - rhs }
  /// Replaces this tensor by the product; shapes broadcast.
  public static func *= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs * rhs }
  /// Replaces this tensor by the quotient; shapes broadcast.
  public static func /= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs / rhs }
}

/// `base` to the power of `exponent`, elementwise.
///
/// The derivative with respect to the exponent is 0 where the base is 0.
public func pow(_ base: Tensor, _ exponent: Tensor) -> Tensor {
  let (a, b) = promoted(floating(base), floating(exponent))
  let power = apply(.power, a, b, named: "pow")
  guard a.isTracked || b.isTracked else { return power }
  let (savedA, savedB, savedPower) = (Saved(a), Saved(b), Saved(power))
  return power.recorded(from: a, b) { upstream, node, needs in
    let a = savedA.restored(node.first)
    let b = savedB.restored(node.second)
    return Cotangents(
      // b aᵇ⁻¹, which is 0 where both are 0, though the power alone is infinite there.
      needs[0]
        ? (upstream * b
          * pow(select((a .== 0) .&& (b .== 0), Tensor.ones(like: a), a), b - 1))
          .summed(to: a.shape) : nil,
      needs[1]
        ? (upstream * savedPower.restored(node)
          * log(select(a .== 0, Tensor.ones(like: a), a))).summed(to: b.shape) : nil)
  }
}

/// `base` to the power of a number.
public func pow(_ base: Tensor, _ exponent: Double) -> Tensor {
  let a = floating(base)
  if exponent == 2 { return square(a) }
  let power = apply(.power, a, scalar: exponent)
  guard a.isTracked else { return power }
  let saved = Saved(a)
  return power.recorded(from: a) { upstream, node in
    if exponent == 0 { return Tensor.zeros(like: upstream) }
    return upstream * (exponent * pow(saved.restored(node.first), exponent - 1))
  }
}

/// The greater of two tensors, elementwise; where they are equal the gradient is shared half and
/// half. A NaN in either gives NaN.
public func maximum(_ lhs: Tensor, _ rhs: Tensor) -> Tensor {
  extremum(.maximum, lhs, rhs, named: "maximum")
}

/// The lesser of two tensors, elementwise; where they are equal the gradient is shared half and
/// half. A NaN in either gives NaN.
public func minimum(_ lhs: Tensor, _ rhs: Tensor) -> Tensor {
  extremum(.minimum, lhs, rhs, named: "minimum")
}

private func extremum(
  _ operation: apus_binary, _ lhs: Tensor, _ rhs: Tensor, named name: StaticString
) -> Tensor {
  let (a, b) = promoted(lhs, rhs)
  let result = apply(operation, a, b, named: name)
  guard a.isTracked || b.isTracked else { return result }
  let (savedA, savedB) = (Saved(a), Saved(b))
  let isMaximum = operation == .maximum
  return result.recorded(from: a, b, as: name) { upstream, _, needs in
    let (a, b) = (savedA.restored(nil), savedB.restored(nil))
    // 1 where a wins, ½ on a tie, 0 where b wins.
    let wins = (isMaximum ? a .> b : a .< b).cast(to: a.dtype)
    let share = select(a .== b, Tensor.full([], 0.5, dtype: a.dtype), wins)
    return Cotangents(
      needs[0] ? (upstream * share).summed(to: a.shape) : nil,
      needs[1] ? (upstream * (1 - share)).summed(to: b.shape) : nil)
  }
}

/// The angle of the point (x, y), in (−π, π].
public func atan2(_ y: Tensor, _ x: Tensor) -> Tensor {
  let (a, b) = promoted(floating(y), floating(x))
  let angle = apply(.atan2, a, b, named: "atan2")
  guard a.isTracked || b.isTracked else { return angle }
  let (savedA, savedB) = (Saved(a), Saved(b))
  return angle.recorded(from: a, b) { upstream, node, needs in
    let (y, x) = (savedA.restored(node.first), savedB.restored(node.second))
    let scaled = upstream / (x * x + y * y)
    return Cotangents(
      needs[0] ? (scaled * x).summed(to: y.shape) : nil,
      needs[1] ? (-scaled * y).summed(to: x.shape) : nil)
  }
}
