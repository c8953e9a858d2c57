/// What a zlib stream unpacks to (RFC 1950), checked by its Adler-32. PNG packs pixels so.
final class ZlibSource: ByteSource {
  let name: String
  let byteLimit: Int
  private(set) var position = 0
  private let decoder: InflateDecoder
  private var adler = Adler32()
  private var stretch = UnsafeRawBufferPointer(start: nil, count: 0)
  private var isBegun = false
  private var isDone = false

  init(_ packed: any ByteSource) {
    name = "\(packed.name) (unpacked)"
    byteLimit = packed.byteLimit.multipliedSaturating(by: deflateExpansion)
    decoder = InflateDecoder(BitReader(packed))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    if !isBegun { try begin() }
    if stretch.isEmpty, !isDone {
      stretch = try decoder.stretch()
      adler.update(stretch)
      if stretch.isEmpty { try end() }
    }
    let count = min(buffer.count, stretch.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: stretch[..<count]))
    stretch = UnsafeRawBufferPointer(rebasing: stretch[count...])
    position += count
    return count
  }

  private func begin() throws(DataError) {
    let start = decoder.reader.offset
    let method = Int(try decoder.reader.byte(of: "a zlib header"))
    let flags = Int(try decoder.reader.byte(of: "a zlib header"))
    guard method & 15 == 8, method >> 4 <= 7, (method << 8 | flags) % 31 == 0, flags & 32 == 0
    else {
      throw damage(
        .malformed, start, "a zlib header of method 8 without a dictionary",
        "\(hexadecimal(UInt8(method))) \(hexadecimal(UInt8(flags)))")
    }
    decoder.restart()
    isBegun = true
  }

  private func end() throws(DataError) {
    decoder.reader.alignToByte()
    let start = decoder.reader.offset
    let found = UInt32(try decoder.reader.number(bytes: 4, of: "an Adler-32")).byteSwapped
    guard found == adler.value else {
      throw damage(
        .checksum, start, "the Adler-32 \(hexadecimal(adler.value))", hexadecimal(found))
    }
    guard try decoder.reader.isAtEnd() else {
      throw damage(.trailing, start + 4, "the end of the zlib stream", "more bytes")
    }
    isDone = true
  }

  private func damage(
    _ kind: DataError.Kind, _ offset: Int, _ expected: String, _ found: String
  ) -> DataError {
    DataError(
      kind, file: decoder.reader.name, at: .offset(offset), expected: expected, found: found)
  }
}
