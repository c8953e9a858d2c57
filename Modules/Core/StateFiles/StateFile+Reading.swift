extension StateFile {
  /// Reads a file.
  ///
  /// Nothing in it is believed before it is checked: the header's length against the file's, each
  /// tensor's shape and type against its bytes, and the places of all tensors against each other.
  public init(contentsOf path: String) throws(StateFileError) {
    let file = try InputFile(path)
    let header = try StateFile.header(of: file)
    let start = 8 + header.byteCount
    var tensors: [(name: String, tensor: Tensor)] = []
    tensors.reserveCapacity(header.entries.count)
    for entry in header.entries {
      let tensor = try StateFile.tensor(entry, from: file, dataStart: start)
      tensors.append((entry.name, tensor))
    }
    self.init(tensors: tensors, metadata: header.metadata)
  }

  static func header(of file: InputFile) throws(StateFileError) -> StateFileHeader {
    guard file.byteCount >= 8 else {
      throw .damaged(
        path: file.path, part: "length of the header", expected: "8 bytes",
        found: "a file of \(file.byteCount)")
    }
    let length = try file.bytes(count: 8, at: 0).reversed().reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    guard length <= UInt64(min(longestHeader, file.byteCount - 8)) else {
      throw .damaged(
        path: file.path, part: "length of the header",
        expected: "at most \(min(longestHeader, file.byteCount - 8)) bytes", found: "\(length)")
    }
    let bytes = try file.bytes(count: Int(length), at: 8)
    return try StateFileHeader(
      bytes, dataByteCount: file.byteCount - 8 - bytes.count, path: file.path)
  }

  private static func tensor(
    _ entry: StateFileHeader.Entry, from file: InputFile, dataStart: Int
  ) throws(StateFileError) -> Tensor {
    let result = Tensor(uninitialized: entry.shape, dtype: entry.type.dtype)
    let bytes = UnsafeMutableRawBufferPointer(start: result.pointer, count: entry.bytes.count)
    defer { extendLifetime(result.storage) }
    // Narrow elements fill the front of the memory and are widened in place.
    try file.read(into: bytes, at: dataStart + entry.bytes.lowerBound)
    func damaged(_ expected: String, _ index: Int, _ found: String) -> StateFileError {
      .damaged(
        path: file.path, part: "tensor '\(entry.name)'", expected: expected,
        found: "\(found) at element \(index)")
    }
    switch entry.type {
    case .float16: widen(result) { floatBits(half: $0) }
    case .bfloat16: widen(result) { (bits: UInt16) in UInt32(bits) << 16 }
    case .int8: widen(result) { (number: Int8) in Int32(number) }
    case .uint8: widen(result) { (number: UInt8) in Int32(number) }
    case .int16: widen(result) { (number: Int16) in Int32(number) }
    case .uint16: widen(result) { (number: UInt16) in Int32(number) }
    case .uint32: widen(result) { (number: UInt32) in Int64(number) }
    case .uint64:
      let numbers = bytes.bindMemory(to: UInt64.self)
      if let wrong = numbers.firstIndex(where: { $0 > Int64.max }) {
        throw damaged("numbers below 2⁶³", wrong, "\(numbers[wrong])")
      }
    case .bool:
      if let wrong = bytes.firstIndex(where: { $0 > 1 }) {
        throw damaged("bytes 0 and 1 for truth values", wrong, "\(bytes[wrong])")
      }
    case .float64, .float32, .int64, .int32: break
    }
    return result
  }

  /// Widens elements from the last to the first, so that none is overwritten before it is read.
  private static func widen<Stored: BitwiseCopyable, Wide: BitwiseCopyable>(
    _ tensor: Tensor, _ wide: (Stored) -> Wide
  ) {
    let size = (MemoryLayout<Stored>.size, MemoryLayout<Wide>.size)
    for index in (0..<tensor.count).reversed() {
      let stored = tensor.pointer.load(fromByteOffset: size.0 * index, as: Stored.self)
      tensor.pointer.storeBytes(of: wide(stored), toByteOffset: size.1 * index, as: Wide.self)
    }
  }
}

/// The bits of the `float32` that equals a half-precision number.
package func floatBits(half: UInt16) -> UInt32 {
  let sign = UInt32(half & 0x8000) << 16
  let exponent = UInt32(half >> 10) & 0x1f
  let fraction = UInt32(half & 0x3ff)
  switch exponent {
  case 0x1f: return sign | 0x7f80_0000 | fraction << 13
  case 0:
    // Zero and the subnormals: fraction · 2⁻²⁴, exact in float32.
    return sign | (Float(fraction) * 0x1p-24).bitPattern
  default: return sign | (exponent + 112) << 23 | fraction << 13
  }
}
