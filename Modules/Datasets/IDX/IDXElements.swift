import Core

/// Elements as IDX files store them, as a tensor.
func decodeIDX(
  _ bytes: [UInt8], _ type: IDXFile.ElementType, _ shape: Shape, as dtype: DType
) -> Tensor {
  switch type {
  case .uint8:
    // Pixels, the usual case, in one step.
    if dtype == .float32 {
      return decodeElements(bytes, shape) { (byte: UInt8) in Float(byte) }
    }
    return decodeElements(bytes, shape) { (byte: UInt8) in Int32(byte) }.cast(to: dtype)
  case .int8: return decodeElements(bytes, shape) { (byte: Int8) in Int32(byte) }.cast(to: dtype)
  case .int16:
    return decodeElements(bytes, shape) { (x: Int16) in Int32(Int16(bigEndian: x)) }.cast(to: dtype)
  case .int32:
    return decodeElements(bytes, shape) { (x: Int32) in Int32(bigEndian: x) }.cast(to: dtype)
  case .float32:
    return decodeElements(bytes, shape) { (x: UInt32) in Float(bitPattern: UInt32(bigEndian: x)) }
      .cast(to: dtype)
  case .float64:
    return decodeElements(bytes, shape) { (x: UInt64) in Double(bitPattern: UInt64(bigEndian: x)) }
      .cast(to: dtype)
  }
}

/// A tensor of numbers that are stored one after the other.
@inline(__always)
func decodeElements<Stored: BitwiseCopyable, Scalar: TensorScalar>(
  _ bytes: [UInt8], _ shape: Shape, _ convert: (Stored) -> Scalar
) -> Tensor {
  var result = Tensor(uninitialized: shape, dtype: Scalar.dtype)
  result.withMutableScalars(as: Scalar.self) { scalars in
    bytes.withUnsafeBytes { bytes in
      for index in scalars.indices {
        scalars[index] = convert(
          bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self))
      }
    }
  }
  return result
}

extension IDXFile {
  /// Writes a tensor as an IDX file, which appears under its name only when it is complete.
  ///
  /// Traps when an element is no number of the type asked for: a fraction or a number out of range
  /// for an integer type.
  ///
  /// - Parameters:
  ///   - tensor: The elements. Axes of 2³² or more do not fit the format.
  ///   - path: Where to; a name that ends in `.gz` gives a file packed as gzip does.
  ///   - type: What the file stores the elements as; by default what holds the tensor's type, for
  ///     `bool` `uint8` and for `int64` `int32`.
  /// - Throws: ``DataError`` when the file cannot be written.
  public static func write(
    _ tensor: Tensor, to path: String, as type: ElementType? = nil
  ) throws(DataError) {
    let bytes = encodeIDX(tensor, as: type ?? .holding(tensor.dtype))
    try writeFile(path.hasSuffix(".gz") ? Gzip.compress(bytes) : bytes, to: path)
  }
}

extension IDXFile.ElementType {
  fileprivate static func holding(_ dtype: DType) -> IDXFile.ElementType {
    switch dtype {
    case .bool: .uint8
    case .int32, .int64: .int32
    case .float32: .float32
    case .float64: .float64
    }
  }
}

/// The content of an IDX file.
func encodeIDX(_ tensor: Tensor, as type: IDXFile.ElementType) -> [UInt8] {
  var bytes: [UInt8] = [0, 0, type.rawValue, UInt8(tensor.rank)]
  bytes.reserveCapacity(4 + 4 * tensor.rank + tensor.count * type.byteCount)
  for extent in tensor.shape {
    guard let extent = UInt32(exactly: extent) else {
      trap("IDXFile: the shape \(tensor.shape) has an axis too long for the format")
    }
    bytes.appendBigEndian(extent)
  }
  switch type {
  case .float32:
    for x in tensor.scalars(as: Float.self) { bytes.appendBigEndian(x.bitPattern) }
  case .float64:
    for x in tensor.scalars(as: Double.self) { bytes.appendBigEndian(x.bitPattern) }
  case .uint8: appendIntegers(of: tensor, as: UInt8.self, to: &bytes)
  case .int8: appendIntegers(of: tensor, as: Int8.self, to: &bytes)
  case .int16: appendIntegers(of: tensor, as: Int16.self, to: &bytes)
  case .int32: appendIntegers(of: tensor, as: Int32.self, to: &bytes)
  }
  return bytes
}

private func appendIntegers<Integer: FixedWidthInteger>(
  of tensor: Tensor, as type: Integer.Type, to bytes: inout [UInt8]
) {
  for x in tensor.scalars(as: Double.self) {
    guard let integer = Integer(exactly: x) else {
      trap("IDXFile: the element \(x) is no \(Integer.self); choose another element type")
    }
    bytes.appendBigEndian(integer)
  }
}

extension [UInt8] {
  /// Appends the bytes of a number, the highest first.
  mutating func appendBigEndian(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }
}
