/// Makes a zip archive in memory, entry by entry.
struct ZipWriter {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// Whether everything so far can be counted in 32 bits, and the entries in 16.
  var fits: Bool { bytes.count + directory.count < 0xFFFF_FFFF && count < 0xFFFF }

  mutating func add(_ name: String, _ content: [UInt8], isCompressed: Bool) {
    let packed = isCompressed ? DeflateEncoder.encode(content) : content
    let name = Array(name.utf8)
    // Version 2.0, names in UTF-8, the method, and the first moment that the format knows.
    var fields: [UInt8] = []
    fields.append(20, 2)
    fields.append(0x0800, 2)
    fields.append(isCompressed ? 8 : 0, 2)
    fields.append(0, 2)
    fields.append(0x0021, 2)
    fields.append(Int(CRC32.of(content)), 4)
    fields.append(packed.count, 4)
    fields.append(content.count, 4)
    fields.append(name.count, 2)
    fields.append(0, 2)
    directory.append(0x0201_4B50, 4)
    directory.append(20, 2)
    directory += fields
    // No comment, on disk 0, no attributes.
    directory.append(0, 8)
    directory.append(0, 2)
    directory.append(bytes.count, 4)
    directory += name
    bytes.append(0x0403_4B50, 4)
    bytes += fields + name + packed
    count += 1
  }

  /// The archive.
  func finish() -> [UInt8] {
    var end: [UInt8] = []
    end.append(0x0605_4B50, 4)
    end.append(0, 4)
    end.append(count, 2)
    end.append(count, 2)
    end.append(directory.count, 4)
    end.append(bytes.count, 4)
    end.append(0, 2)
    return bytes + directory + end
  }
}

extension [UInt8] {
  /// Appends the lowest bytes of a number, the lowest first.
  fileprivate mutating func append(_ number: Int, _ size: Int) {
    for index in 0..<size { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}
