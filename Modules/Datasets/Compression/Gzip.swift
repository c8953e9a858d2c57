/// Packs and unpacks bytes as gzip does (RFC 1952).
///
/// ```swift
/// let packed = Gzip.compress(Array("ABABABABABAB".utf8))
/// let text = try Gzip.decompress(packed)
/// ```
///
/// The readers of this module unpack on the way what gzip packed; you need this for other files.
public enum Gzip {
  /// The bytes packed as one member, without a file name or a date: the same bytes always give the
  /// same result.
  public static func compress(_ bytes: [UInt8]) -> [UInt8] {
    // Deflate, no flags, no date, and an unknown system.
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    result.append(contentsOf: DeflateEncoder.encode(bytes))
    for number in [CRC32.of(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
      for shift in stride(from: 0, to: 32, by: 8) {
        result.append(UInt8(truncatingIfNeeded: number >> UInt32(shift)))
      }
    }
    return result
  }

  /// What packed bytes, of one member or more, unpack to.
  ///
  /// - Parameters:
  ///   - bytes: The content of a `.gz` file.
  ///   - limit: The most bytes to unpack; it guards against small files that unpack to huge ones.
  ///   - file: What error messages call it.
  public static func decompress(
    _ bytes: [UInt8], limit: Int = .max, file: String = "gzip"
  ) throws(DataError) -> [UInt8] {
    let source = GzipSource(MemorySource(bytes, name: file))
    let result = try source.rest(limit: limit)
    guard result.count <= limit else {
      throw DataError(
        .outOfRange, file: source.name, at: .offset(limit), expected: "at most \(limit) bytes",
        found: "more")
    }
    return result
  }
}

/// Packs bytes as a zlib stream (RFC 1950).
func zlibCompressed(_ bytes: [UInt8]) -> [UInt8] {
  let check = Adler32.of(bytes)
  return [0x78, 0x9C] + DeflateEncoder.encode(bytes)
    + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: check >> UInt32($0)) }
}
