import Core

/// Reads the elements that a header promised, and makes sure that nothing follows them.
func readNPYElements(
  of header: NPYHeader, from source: any ByteSource
) throws(DataError) -> Tensor {
  let start = source.position
  let bytes = try source.bytes(header.elementByteCount, of: "the elements of \(header)")
  try source.requireEnd(after: "the elements of \(header)")
  let stored =
    header.isFortranOrdered ? Shape(header.shape.reversed()) : header.shape
  func damage(_ index: Int, _ expected: String, _ found: String) -> DataError {
    DataError(
      .outOfRange, file: source.name, at: .offset(start + index * header.type.byteCount),
      expected: expected, found: found)
  }
  switch header.type {
  case .bool:
    if let index = bytes.firstIndex(where: { $0 > 1 }) {
      throw damage(index, "0 or 1 for a truth value", "\(bytes[index])")
    }
  case .uint64:
    let top = header.isBigEndian ? 0 : 7
    let high = (0..<bytes.count / 8).first { bytes[8 * $0 + top] > 127 }
    if let high { throw damage(high, "a number below 2⁶³", "a greater one") }
  default: break
  }
  let tensor = decoded(bytes, header.type, stored, isBigEndian: header.isBigEndian)
  return header.isFortranOrdered && tensor.rank > 1
    ? tensor.permuted((0..<tensor.rank).reversed()).contiguous() : tensor
}

private func decoded(
  _ bytes: [UInt8], _ type: NPYFile.ElementType, _ shape: Shape, isBigEndian: Bool
) -> Tensor {
  func integers<
    Stored: FixedWidthInteger & BitwiseCopyable, Scalar: FixedWidthInteger & TensorScalar
  >(
    _ stored: Stored.Type, as scalar: Scalar.Type
  ) -> Tensor {
    decodeElements(bytes, shape) { (x: Stored) in
      Scalar(truncatingIfNeeded: isBigEndian ? Stored(bigEndian: x) : Stored(littleEndian: x))
    }
  }
  func ordered<Bits: FixedWidthInteger>(_ bits: Bits) -> Bits {
    isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
  }
  switch type {
  case .bool: return decodeElements(bytes, shape) { (x: UInt8) in x != 0 }
  case .int8: return integers(Int8.self, as: Int32.self)
  case .uint8: return integers(UInt8.self, as: Int32.self)
  case .int16: return integers(Int16.self, as: Int32.self)
  case .uint16: return integers(UInt16.self, as: Int32.self)
  case .int32: return integers(Int32.self, as: Int32.self)
  case .uint32: return integers(UInt32.self, as: Int64.self)
  case .int64: return integers(Int64.self, as: Int64.self)
  case .uint64: return integers(UInt64.self, as: Int64.self)
  case .float16:
    return decodeElements(bytes, shape) { (x: UInt16) in
      Float(bitPattern: floatBits(half: ordered(x)))
    }
  case .float32:
    return decodeElements(bytes, shape) { (x: UInt32) in Float(bitPattern: ordered(x)) }
  case .float64:
    return decodeElements(bytes, shape) { (x: UInt64) in Double(bitPattern: ordered(x)) }
  }
}

/// The content of a `.npy` file.
func encodeNPY(_ tensor: Tensor) -> [UInt8] {
  var bytes = NPYHeader.bytes(of: tensor)
  let dense = tensor.detached.contiguous()
  // The machines that Apus runs on are little-endian, as is what is written.
  bytes.append(
    contentsOf: UnsafeRawBufferPointer(
      start: dense.pointer, count: dense.count * dense.dtype.byteCount))
  extendLifetime(dense.storage)
  return bytes
}
