import Core

/// What comes before the elements of a `.npy` file: six bytes of magic, the version, the length of a
/// Python dictionary, and the dictionary.
struct NPYHeader: Equatable, CustomStringConvertible {
  let type: NPYFile.ElementType
  let isBigEndian: Bool
  let isFortranOrdered: Bool
  let shape: Shape

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// A true one has about a hundred bytes.
  private static let longest = 1 << 16

  var description: String {
    "\(isFortranOrdered ? "Fortran-ordered " : "")\(shape) \(type.rawValue)"
  }

  /// The bytes of the elements.
  var elementByteCount: Int { shape.reduce(type.byteCount, *) }

  /// Reads a header, and makes sure that the source can hold what it promises.
  init(_ source: any ByteSource) throws(DataError) {
    func damage(
      _ kind: DataError.Kind, _ expected: String, _ found: String, at offset: Int
    ) -> DataError {
      DataError(kind, file: source.name, at: .offset(offset), expected: expected, found: found)
    }
    let base = source.position
    let start = try source.bytes(8, of: "the start of a .npy file")
    guard start.starts(with: Self.magic) else {
      let found = start.prefix(6).map { hexadecimal($0) }.joined(separator: " ")
      throw damage(.malformed, "the bytes 93 4E 55 4D 50 59 of a .npy file", found, at: base)
    }
    guard (1...3).contains(start[6]) else {
      throw damage(.unsupported, "version 1, 2 or 3 of the format", "\(start[6])", at: base + 6)
    }
    let size = try source.bytes(start[6] == 1 ? 2 : 4, of: "the length of the header")
    let length = size.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.longest else {
      throw damage(
        .malformed, "a header of at most \(Self.longest) bytes", "\(length)", at: base + 8)
    }
    let offset = source.position
    let text = try source.bytes(length, of: "the header of a .npy file")
    do throws(NPYDictionary.Failure) {
      let fields = try NPYDictionary(text)
      (type, isBigEndian) = (fields.type, fields.isBigEndian)
      (isFortranOrdered, shape) = (fields.isFortranOrdered, fields.shape)
    } catch {
      throw damage(
        error.isUnsupported ? .unsupported : .malformed, error.expected, error.found,
        at: offset + error.offset)
    }
    // Extents of 0 hide others that overflow, so that each product is looked at.
    var space = type.byteCount
    for extent in shape {
      let (product, overflow) = space.multipliedReportingOverflow(by: max(extent, 1))
      if overflow { space = .max } else { space = product }
    }
    guard shape.contains(0) ? space < .max : space <= source.byteLimit - source.position else {
      throw damage(
        .truncated, "as many bytes as the header promises for \(shape) \(type.rawValue)",
        "a file too small to hold them", at: offset)
    }
  }

  /// The header of what is written.
  static func bytes(of tensor: Tensor) -> [UInt8] {
    let type = NPYFile.ElementType(holding: tensor.dtype)
    let extents =
      tensor.rank == 1
      ? "\(tensor.shape[0])," : tensor.shape.map(String.init).joined(separator: ", ")
    var text = """
      {'descr': '\(type.byteCount == 1 ? "|" : "<")\(type.rawValue)', 'fortran_order': False, \
      'shape': (\(extents)), }
      """
    // Elements start at a multiple of 64 bytes, as NumPy has it.
    while (text.utf8.count + 11) % 64 != 0 { text += " " }
    text += "\n"
    let length = UInt16(text.utf8.count)
    return magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }
}
