package import Kernels

/// The type of a tensor's elements, in order of promotion.
///
/// An operation on two types works in the later one, except that an integer with `float32` gives
/// `float32`. Swift numbers never promote: `2 * x` has the type of `x`.
public enum DType: Int32, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  /// Truth values, integers of 32 and 64 bits, floating-point numbers of 32 and 64 bits.
  case bool, int32, int64, float32, float64

  /// Bytes that one element takes.
  public var byteCount: Int {
    switch self {
    case .bool: 1
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// Whether it is a floating-point type.
  public var isFloating: Bool { self >= .float32 }

  public var description: String {
    switch self {
    case .bool: "bool"
    case .int32: "int32"
    case .int64: "int64"
    case .float32: "float32"
    case .float64: "float64"
    }
  }

  @inlinable
  public static func < (lhs: DType, rhs: DType) -> Bool { lhs.rawValue < rhs.rawValue }

  /// The type in which an operation on both works.
  public static func promoted(_ lhs: DType, _ rhs: DType) -> DType { max(lhs, rhs) }

  package var kernel: apus_dtype { apus_dtype(rawValue: rawValue).unsafelyUnwrapped }
}

/// A Swift number or truth value that is an element type of tensors.
public protocol TensorScalar: Sendable {
  /// The tensors' type.
  static var dtype: DType { get }
  /// The number as a `Double`.
  var asDouble: Double { get }
}

extension Float: TensorScalar {
  public static var dtype: DType { .float32 }
  public var asDouble: Double { Double(self) }
}

extension Double: TensorScalar {
  public static var dtype: DType { .float64 }
  public var asDouble: Double { self }
}

extension Int32: TensorScalar {
  public static var dtype: DType { .int32 }
  public var asDouble: Double { Double(self) }
}

extension Int64: TensorScalar {
  public static var dtype: DType { .int64 }
  public var asDouble: Double { Double(self) }
}

extension Int: TensorScalar {
  public static var dtype: DType { .int64 }
  public var asDouble: Double { Double(self) }
}

extension Bool: TensorScalar {
  public static var dtype: DType { .bool }
  public var asDouble: Double { self ? 1 : 0 }
}
