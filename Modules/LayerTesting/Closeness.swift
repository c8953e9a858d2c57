import Core

/// Two tensors that should have been close and are not.
public struct ClosenessError: Error, Sendable, CustomStringConvertible {
  /// What was compared, in the words of the caller; may be empty.
  public let context: String
  /// Where they differ most; `nil` when their shapes differ.
  public let position: [Int]?
  /// The values there.
  public let actual, expected: Double
  /// The shapes of the tensors.
  public let actualShape, expectedShape: Shape
  /// How far apart the values at ``position`` are, and how far apart they may be.
  public let difference, allowed: Double
  /// How many elements are too far apart.
  public let count: Int

  public var description: String {
    let lead = context.isEmpty ? "" : context + ": "
    guard let position else {
      return "\(lead)the shapes differ: \(actualShape), expected \(expectedShape)"
    }
    let share = "\(count) of \(actualShape.elementCount) elements differ"
    return """
      \(lead)\(share), most of all at \(position): \(actual), expected \(expected) \
      (\(difference) apart, allowed \(allowed))
      """
  }
}

/// Throws ``ClosenessError`` unless |actual − expected| ≤ absolute + relative · |expected| at every
/// element.
///
/// A NaN is close to a NaN, an infinity to the same infinity. Element types may differ.
///
/// - Parameters:
///   - relative: The default is 10⁻⁵ where one tensor is float32, 10⁻¹⁰ for float64, 0 for integers.
///   - absolute: The default is 10⁻⁶ where one tensor is float32, 10⁻¹² for float64, 0 for integers.
///   - context: What is compared, for the report.
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, relative: Double? = nil, absolute: Double? = nil,
  _ context: @autoclosure () -> String = ""
) throws {
  let dtypes = [actual.dtype, expected.dtype].filter(\.isFloating)
  let isExact = dtypes.isEmpty
  let isSingle = dtypes.contains(.float32)
  let relative = relative ?? (isExact ? 0 : isSingle ? 1e-5 : 1e-10)
  let absolute = absolute ?? (isExact ? 0 : isSingle ? 1e-6 : 1e-12)
  func failure(
    _ position: [Int]?, _ a: Double, _ b: Double, _ difference: Double, _ allowed: Double,
    _ count: Int
  ) -> ClosenessError {
    ClosenessError(
      context: context(), position: position, actual: a, expected: b,
      actualShape: actual.shape, expectedShape: expected.shape, difference: difference,
      allowed: allowed, count: count)
  }
  guard actual.shape == expected.shape else { throw failure(nil, 0, 0, 0, 0, 0) }

  // Integers are subtracted as integers, so that large ones keep their last digits.
  let wide: DType = isExact ? .int64 : .float64
  let a = stopGradient(actual).cast(to: wide)
  let b = stopGradient(expected).cast(to: wide)
  let differences = (a - b).scalars(as: Double.self)
  let (left, right) = (a.scalars(as: Double.self), b.scalars(as: Double.self))
  var worst: (index: Int, excess: Double)?
  var count = 0
  for index in differences.indices {
    let (l, r) = (left[index], right[index])
    if l.isNaN && r.isNaN || l.isInfinite && l == r { continue }
    let excess = abs(differences[index]) / (absolute + relative * abs(r))
    if r.isFinite && (differences[index] == 0 || excess <= 1) { continue }
    count += 1
    let severity = excess.isNaN ? .infinity : excess
    if worst == nil || severity > worst!.excess { worst = (index, severity) }
  }
  guard let (index, _) = worst else { return }
  throw failure(
    position(of: index, in: actual.shape), left[index], right[index], abs(differences[index]),
    absolute + relative * abs(right[index]), count)
}

/// Throws unless the one element of a tensor is close to a number.
public func expectClose(
  _ actual: Tensor, _ expected: Double, relative: Double? = nil, absolute: Double? = nil,
  _ context: @autoclosure () -> String = ""
) throws {
  try expectClose(
    actual, Tensor.full([], expected, dtype: actual.dtype), relative: relative,
    absolute: absolute, context())
}

/// The index along each axis of an element in row-major order.
func position(of index: Int, in shape: Shape) -> [Int] {
  var rest = index
  var position = [Int](repeating: 0, count: shape.count)
  for axis in shape.indices.reversed() where shape[axis] > 0 {
    position[axis] = rest % shape[axis]
    rest /= shape[axis]
  }
  return position
}
