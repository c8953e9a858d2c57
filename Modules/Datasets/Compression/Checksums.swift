/// The cyclic redundancy check of gzip and PNG: polynomial 0xEDB88320, reflected.
///
/// Eight tables let it take 8 bytes a step.
struct CRC32 {
  private var state: UInt32 = 0xFFFF_FFFF

  /// The checksum of the bytes so far.
  var value: UInt32 { ~state }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard var next = bytes.baseAddress else { return }
    let end = next + bytes.count
    let tables = Self.tables.entries
    var crc = state
    while end - next >= 8 {
      let word = UInt64(littleEndian: next.loadUnaligned(as: UInt64.self)) ^ UInt64(crc)
      crc =
        tables[7 * 256 + Int(word & 255)] ^ tables[6 * 256 + Int(word >> 8 & 255)]
        ^ tables[5 * 256 + Int(word >> 16 & 255)] ^ tables[4 * 256 + Int(word >> 24 & 255)]
        ^ tables[3 * 256 + Int(word >> 32 & 255)] ^ tables[2 * 256 + Int(word >> 40 & 255)]
        ^ tables[256 + Int(word >> 48 & 255)] ^ tables[Int(word >> 56)]
      next += 8
    }
    while next < end {
      crc = tables[Int((crc ^ UInt32(next.load(as: UInt8.self))) & 255)] ^ crc >> 8
      next += 1
    }
    state = crc
  }

  mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  static func of(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32()
    crc.update(bytes)
    return crc.value
  }

  /// Written once, before anybody reads.
  private struct Tables: @unchecked Sendable {
    let entries = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)

    init() {
      for byte in 0..<256 {
        var crc = UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        (entries + byte).initialize(to: crc)
      }
      for index in 256..<8 * 256 {
        let before = entries[index - 256]
        (entries + index).initialize(to: entries[Int(before & 255)] ^ before >> 8)
      }
    }
  }

  private static let tables = Tables()
}

/// The checksum of zlib streams (RFC 1950).
struct Adler32 {
  private static let modulus: UInt32 = 65_521
  private var low: UInt32 = 1
  private var high: UInt32 = 0

  /// The checksum of the bytes so far.
  var value: UInt32 { high << 16 | low }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var start = 0
    while start < bytes.count {
      // 5,552 bytes are the most whose sums fit 32 bits.
      let end = min(start + 5552, bytes.count)
      for index in start..<end {
        low &+= UInt32(bytes[index])
        high &+= low
      }
      low %= Self.modulus
      high %= Self.modulus
      start = end
    }
  }

  static func of(_ bytes: [UInt8]) -> UInt32 {
    var sum = Adler32()
    bytes.withUnsafeBytes { sum.update($0) }
    return sum.value
  }
}
