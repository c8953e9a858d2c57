internal import Kernels

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .&& : LogicalConjunctionPrecedence
infix operator .|| : LogicalDisjunctionPrecedence

// Elementwise comparisons give bool tensors; shapes broadcast, types promote.
extension Tensor {
  /// Which elements are equal; shapes broadcast.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { apply(.equal, a, b, named: ".==") }
  /// Which elements differ; shapes broadcast.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { apply(.not_equal, a, b, named: ".!=") }
  /// Which elements are less; shapes broadcast.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { apply(.less, a, b, named: ".<") }
  /// Which elements are not greater; shapes broadcast.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { apply(.less_equal, a, b, named: ".<=") }
  /// Which elements are greater; shapes broadcast.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { apply(.greater, a, b, named: ".>") }
  /// Which elements are not less; shapes broadcast.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor {
    apply(.greater_equal, a, b, named: ".>=")
  }

  /// Which elements are equal; shapes broadcast.
  public static func .== (a: Tensor, b: Double) -> Tensor { a .== a.comparand(b) }
  /// Which elements differ; shapes broadcast.
  public static func .!= (a: Tensor, b: Double) -> Tensor { a .!= a.comparand(b) }
  /// Which elements are less; shapes broadcast.
  public static func .< (a: Tensor, b: Double) -> Tensor { a .< a.comparand(b) }
  /// Which elements are not greater; shapes broadcast.
  public static func .<= (a: Tensor, b: Double) -> Tensor { a .<= a.comparand(b) }
  /// Which elements are greater; shapes broadcast.
  public static func .> (a: Tensor, b: Double) -> Tensor { a .> a.comparand(b) }
  /// Which elements are not less; shapes broadcast.
  public static func .>= (a: Tensor, b: Double) -> Tensor { a .>= a.comparand(b) }

  /// A number to compare with: in this tensor's type where that can hold it.
  private func comparand(_ value: Double) -> Tensor {
    let fits = dtype.isFloating || value == value.rounded()
    return Tensor.full([], value, dtype: fits ? (dtype == .bool ? .int32 : dtype) : .float64)
  }

  /// Whether both are true; operands are bool tensors.
  public static func .&& (a: Tensor, b: Tensor) -> Tensor {
    requireTruth(a, b, in: ".&&")
    return apply(.multiply, a, b, named: ".&&")
  }

  /// Whether one at least is true; operands are bool tensors.
  public static func .|| (a: Tensor, b: Tensor) -> Tensor {
    requireTruth(a, b, in: ".||")
    return apply(.add, a, b, named: ".||")
  }

  /// The opposite truth value; the operand is a bool tensor.
  public static prefix func ! (a: Tensor) -> Tensor {
    requireTruth(a, a, in: "!")
    return apply(.not, a)
  }

  private static func requireTruth(_ a: Tensor, _ b: Tensor, in operation: StaticString) {
    require(
      a.dtype == .bool && b.dtype == .bool,
      "\(operation): the operands must be bool, got \(a.dtype) and \(b.dtype)")
  }

  /// Which elements are not a number.
  public func isNaN() -> Tensor { apply(apus_predicate.is_nan, self) }
  /// Which elements are neither infinite nor NaN.
  public func isFinite() -> Tensor { apply(apus_predicate.is_finite, self) }
  /// Which elements are infinite.
  public func isInfinite() -> Tensor { apply(apus_predicate.is_infinite, self) }
}

extension Tensor: Equatable {
  /// Whether type, shape and every element are equal (so a tensor with a NaN equals none).
  public static func == (lhs: Tensor, rhs: Tensor) -> Bool {
    guard lhs.dtype == rhs.dtype, lhs.shape == rhs.shape else { return false }
    return (lhs .== rhs).all()
  }
}

/// Elementwise choice: `a` where `condition` is true, `b` elsewhere. All shapes broadcast.
///
/// Gradients flow only through the elements chosen; the other side may even be NaN.
public func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  require(condition.dtype == .bool, "select: the condition is \(condition.dtype), not bool")
  let (a, b) = promoted(a, b)
  let inner = broadcastShape(a, b, named: "select")
  guard let shape = Shape.broadcast(condition.shape, inner) else {
    trap("select: the condition has shape \(condition.shape), the values \(a.shape) and \(b.shape)")
  }
  let result = Tensor(uninitialized: shape, dtype: a.dtype)
  let conditionStrides = condition.layout.broadcast(to: shape).strides
  withBroadcast(a, b, to: shape) { rank, extents, aStrides, bStrides in
    conditionStrides.withPointer { conditionStrides in
      apus_select(
        a.dtype.kernel, rank, extents, condition.pointer, conditionStrides, a.pointer, aStrides,
        b.pointer, bStrides, result.pointer)
    }
  }
  extendLifetime(condition.storage)
  guard a.isTracked || b.isTracked else { return result }
  let (aShape, bShape, condition) = (a.shape, b.shape, condition.detached)
  return result.recorded(from: a, b) { upstream, _, needs in
    let zero = Tensor.full([], 0, dtype: upstream.dtype)
    return Cotangents(
      needs[0] ? select(condition, upstream, zero).summed(to: aShape) : nil,
      needs[1] ? select(condition, zero, upstream).summed(to: bShape) : nil)
  }
}
