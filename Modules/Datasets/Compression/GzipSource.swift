/// What a gzip file unpacks to (RFC 1952): one member or more, each checked by its CRC-32 and length.
final class GzipSource: ByteSource {
  let name: String
  let byteLimit: Int
  private(set) var position = 0
  private let decoder: InflateDecoder
  private var crc = CRC32()
  private var memberLength = 0
  private var stretch = UnsafeRawBufferPointer(start: nil, count: 0)
  private var isInMember = false
  private var isFirstMember = true

  init(_ packed: any ByteSource) {
    name = "\(packed.name) (unpacked)"
    byteLimit = packed.byteLimit.multipliedSaturating(by: deflateExpansion)
    decoder = InflateDecoder(BitReader(packed))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    while stretch.isEmpty {
      if !isInMember {
        guard try beginMember() else { return 0 }
      }
      stretch = try decoder.stretch()
      crc.update(stretch)
      memberLength += stretch.count
      if stretch.isEmpty { try endMember() }
    }
    let count = min(buffer.count, stretch.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: stretch[..<count]))
    stretch = UnsafeRawBufferPointer(rebasing: stretch[count...])
    position += count
    return count
  }

  /// Reads a member's header; `false` at the end of the file.
  private func beginMember() throws(DataError) -> Bool {
    if !isFirstMember, try skipPadding() { return false }
    isFirstMember = false
    let start = decoder.reader.offset
    var header: [UInt8] = []
    for _ in 0..<10 { try readHeaderByte(&header) }
    guard header[0] == 0x1F, header[1] == 0x8B else {
      throw damage(
        .malformed, start, "the bytes 1F 8B of a gzip member",
        "\(hexadecimal(header[0])) \(hexadecimal(header[1]))")
    }
    guard header[2] == 8 else {
      throw damage(.unsupported, start + 2, "compression method 8, deflate", "\(header[2])")
    }
    let flags = header[3]
    guard flags & 0xE0 == 0 else {
      throw damage(.malformed, start + 3, "flags below 32", "\(flags)")
    }
    if flags & 4 != 0 {
      for _ in 0..<2 { try readHeaderByte(&header) }
      let count = Int(header[10]) | Int(header[11]) << 8
      for _ in 0..<count { try readHeaderByte(&header) }
    }
    // The name of the file and a comment, each ended by a 0.
    for flag in [8, 16] as [UInt8] where flags & flag != 0 {
      repeat { try readHeaderByte(&header) } while header.last != 0
    }
    if flags & 2 != 0 {
      let expected = CRC32.of(header) & 0xFFFF
      let found = try decoder.reader.number(bytes: 2, of: "the checksum of a gzip header")
      guard found == expected else {
        throw damage(
          .checksum, start, "the header's checksum \(expected)", "\(found)")
      }
    }
    decoder.restart()
    isInMember = true
    crc = CRC32()
    memberLength = 0
    return true
  }

  private func readHeaderByte(_ header: inout [UInt8]) throws(DataError) {
    guard header.count < 1 << 20 else {
      throw damage(
        .malformed, decoder.reader.offset, "a gzip header of at most 1 MB", "a longer one")
    }
    header.append(try decoder.reader.byte(of: "a gzip header"))
  }

  /// Zeros after the last member, which tapes leave, are no damage; `true` at the end of the file.
  private func skipPadding() throws(DataError) -> Bool {
    if try decoder.reader.isAtEnd() { return true }
    var sawZero = false
    while try !decoder.reader.isAtEnd() {
      guard decoder.reader.peekByte() == 0 else {
        if sawZero {
          throw damage(.trailing, decoder.reader.offset, "zeros up to the end", "another byte")
        }
        return false
      }
      _ = try decoder.reader.byte(of: "padding")
      sawZero = true
    }
    return true
  }

  private func endMember() throws(DataError) {
    decoder.reader.alignToByte()
    let start = decoder.reader.offset
    let check = UInt32(try decoder.reader.number(bytes: 4, of: "the checksum of a gzip member"))
    let length = try decoder.reader.number(bytes: 4, of: "the length of a gzip member")
    guard check == crc.value else {
      throw damage(.checksum, start, "the CRC-32 \(hexadecimal(crc.value))", hexadecimal(check))
    }
    guard length == memberLength & 0xFFFF_FFFF else {
      throw damage(.malformed, start + 4, "the length \(memberLength)", "\(length)")
    }
    isInMember = false
  }

  private func damage(
    _ kind: DataError.Kind, _ offset: Int, _ expected: String, _ found: String
  ) -> DataError {
    DataError(
      kind, file: decoder.reader.name, at: .offset(offset), expected: expected, found: found)
  }
}

/// Deflate makes at most 258 bytes of 2 bits.
let deflateExpansion = 1032

extension Int {
  /// The product, or the greatest number where it would be larger.
  func multipliedSaturating(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}

/// A number in hexadecimal digits, with all its leading zeros.
func hexadecimal(_ number: some FixedWidthInteger) -> String {
  let digits = String(number, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, number.bitWidth / 4 - digits.count)) + digits
}
