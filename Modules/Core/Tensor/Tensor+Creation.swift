internal import Kernels

extension Tensor {
  /// A tensor of zeros.
  public static func zeros(_ shape: Shape, dtype: DType = .float32) -> Tensor {
    full(shape, 0, dtype: dtype)
  }

  /// A tensor of ones.
  public static func ones(_ shape: Shape, dtype: DType = .float32) -> Tensor {
    full(shape, 1, dtype: dtype)
  }

  /// A tensor whose elements all equal `value`.
  public static func full(_ shape: Shape, _ value: Double, dtype: DType = .float32) -> Tensor {
    let result = Tensor(uninitialized: shape, dtype: dtype)
    withKernelScalar(value, dtype) {
      apus_fill(dtype.kernel, result.count, $0, result.pointer)
    }
    return result
  }

  /// Zeros of the shape and type of `other`.
  public static func zeros(like other: Tensor) -> Tensor { zeros(other.shape, dtype: other.dtype) }

  /// Ones of the shape and type of `other`.
  public static func ones(like other: Tensor) -> Tensor { ones(other.shape, dtype: other.dtype) }

  /// The numbers `start`, `start + step`, … below `end`.
  public static func range(
    from start: Double = 0, to end: Double, by step: Double = 1, dtype: DType = .float32
  ) -> Tensor {
    require(step != 0, "range: the step is 0")
    let count = max(0, Int(((end - start) / step).rounded(.up)))
    let values = (0..<count).map { start + Double($0) * step }
    return Tensor(values, dtype: dtype)
  }

  /// The integers of a range, as `int64`.
  public static func range(_ range: Range<Int>) -> Tensor {
    Tensor(scalars: range.map(Int64.init), shape: [range.count])
  }

  /// `count` evenly spaced numbers from `start` to `end`, both included.
  public static func linspace(
    from start: Double, to end: Double, count: Int, dtype: DType = .float32
  ) -> Tensor {
    require(count >= 0, "linspace: the count \(count) is negative")
    let last = Double(max(count - 1, 1))
    // Weighing both ends, rather than adding steps, hits the end exactly.
    let values = (0..<count).map { index in
      let t = Double(index) / last
      return start * (1 - t) + end * t
    }
    return Tensor(values, dtype: dtype)
  }

  /// The identity matrix of `size` rows.
  public static func identity(_ size: Int, dtype: DType = .float32) -> Tensor {
    var result = zeros([size, size], dtype: dtype)
    result.setDiagonal(1)
    return result
  }

  private mutating func setDiagonal(_ value: Double) {
    makeUnique()
    let size = shape[0]
    withKernelScalar(value, dtype) { scalar in
      for index in 0..<size {
        (pointer + index * (size + 1) * dtype.byteCount)
          .copyMemory(from: scalar, byteCount: dtype.byteCount)
      }
    }
  }
}

/// Hands `value`, in the representation of `dtype`, to a kernel.
///
/// Traps when an integer type cannot hold the value.
@inline(__always)
func withKernelScalar<Result>(
  _ value: Double, _ dtype: DType, _ body: (UnsafeRawPointer) throws -> Result
) rethrows -> Result {
  switch dtype {
  case .float32:
    return try withUnsafePointer(to: Float(value)) { try body(UnsafeRawPointer($0)) }
  case .float64:
    return try withUnsafePointer(to: value) { try body(UnsafeRawPointer($0)) }
  case .int32:
    guard let exact = Int32(exactly: value) else { trapInexact(value, dtype) }
    return try withUnsafePointer(to: exact) { try body(UnsafeRawPointer($0)) }
  case .int64:
    guard let exact = Int64(exactly: value) else { trapInexact(value, dtype) }
    return try withUnsafePointer(to: exact) { try body(UnsafeRawPointer($0)) }
  case .bool:
    return try withUnsafePointer(to: value != 0) { try body(UnsafeRawPointer($0)) }
  }
}

@inline(never)
private func trapInexact(_ value: Double, _ dtype: DType) -> Never {
  trap("the number \(value) is no \(dtype); cast the tensor to a floating type first")
}
