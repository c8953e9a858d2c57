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
    // Halves fill the front half of the memory and are widened in place.
    try file.read(into: bytes, at: dataStart + entry.bytes.lowerBound)
    switch entry.type {
    case .float16: widen(result) { floatBits(half: $0) }
    case .bfloat16: widen(result) { UInt32($0) << 16 }
    case .bool:
      if let wrong = bytes.firstIndex(where: { $0 > 1 }) {
        throw .damaged(
          path: file.path, part: "tensor '\(entry.name)'",
          expected: "bytes 0 and 1 for truth values",
          found: "\(bytes[wrong]) at element \(wrong)")
      }
    default: break
    }
    return result
  }

  /// Turns 16-bit patterns into 32-bit ones, from the last to the first, so that none is overwritten
  /// before it is read.
  private static func widen(_ tensor: Tensor, _ bits: (UInt16) -> UInt32) {
    for index in (0..<tensor.count).reversed() {
      let half = tensor.pointer.load(fromByteOffset: 2 * index, as: UInt16.self)
      tensor.pointer.storeBytes(of: bits(half), toByteOffset: 4 * index, as: UInt32.self)
    }
  }
}

/// The bits of the `float32` that equals a half-precision number.
private func floatBits(half: UInt16) -> UInt32 {
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
