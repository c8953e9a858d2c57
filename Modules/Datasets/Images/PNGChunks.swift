/// The chunks of a PNG file, one after the other, each checked by its CRC-32.
final class PNGChunks {
  struct Chunk {
    let type: String
    let length: Int
    /// The offset of its data.
    let offset: Int
  }

  let source: any ByteSource
  /// The chunk whose header was read last.
  private(set) var current: Chunk
  /// Bytes of the chunk's data that were not read.
  private(set) var left = 0
  private var crc = CRC32()

  /// Starts behind the file's signature.
  init(_ source: any ByteSource) throws(DataError) {
    self.source = source
    current = Chunk(type: "", length: 0, offset: 0)
    try advance()
  }

  /// Reads the header of the next chunk; the data of the one before were read.
  func advance() throws(DataError) {
    let start = source.position
    let header = try source.bytes(8, of: "the header of a PNG chunk")
    let length = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
    guard header[4...].allSatisfy({ 65...90 ~= $0 || 97...122 ~= $0 }) else {
      throw damage(
        .malformed, start + 4, "four letters that name a chunk",
        header[4...].map { hexadecimal($0) }.joined(separator: " "))
    }
    let type = String(decoding: header[4...], as: UTF8.self)
    // The data, and the checksum behind them.
    guard length <= source.byteLimit - source.position - 4 else {
      throw damage(
        .truncated, start, "\(length) bytes of data and 4 more, as the chunk \(type) promises",
        "\(source.byteLimit - source.position)")
    }
    current = Chunk(type: type, length: length, offset: start + 8)
    left = length
    crc = CRC32()
    crc.update(Array(header[4...]))
    if length == 0 { try checkSum() }
  }

  /// Reads some of the chunk's data; the last ones are checked.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, left)])
    guard part.count > 0 else { return 0 }
    let count = try source.read(into: part)
    guard count > 0 else {
      throw damage(.truncated, source.position, "\(left) more bytes of a chunk", "the end")
    }
    crc.update(UnsafeRawBufferPointer(rebasing: part[..<count]))
    left -= count
    if left == 0 { try checkSum() }
    return count
  }

  /// All data of the chunk, of at most `limit` bytes.
  func data(atMost limit: Int) throws(DataError) -> [UInt8] {
    guard current.length <= limit else {
      throw damage(
        .malformed, current.offset - 8, "at most \(limit) bytes in a chunk \(current.type)",
        "\(current.length)")
    }
    var data = [UInt8](repeating: 0, count: current.length)
    try data.withUnsafeMutableBufferPointer { buffer throws(DataError) in
      while left > 0 {
        let rest = UnsafeMutableBufferPointer(rebasing: buffer[(current.length - left)...])
        _ = try read(into: UnsafeMutableRawBufferPointer(rest))
      }
    }
    return data
  }

  /// Reads and checks data that nobody asked for.
  func skip() throws(DataError) {
    var scratch = [UInt8](repeating: 0, count: min(left, 1 << 16))
    try scratch.withUnsafeMutableBufferPointer { buffer throws(DataError) in
      while left > 0 { _ = try read(into: UnsafeMutableRawBufferPointer(buffer)) }
    }
  }

  private func checkSum() throws(DataError) {
    let offset = source.position
    let bytes = try source.bytes(4, of: "the CRC-32 of a PNG chunk")
    let found = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    guard found == crc.value else {
      throw damage(
        .checksum, offset, "the CRC-32 \(hexadecimal(crc.value)) of the chunk \(current.type)",
        hexadecimal(found))
    }
  }

  func damage(
    _ kind: DataError.Kind, _ offset: Int, _ expected: String, _ found: String
  ) -> DataError {
    DataError(kind, file: source.name, at: .offset(offset), expected: expected, found: found)
  }
}

/// The data of consecutive `IDAT` chunks: the picture's zlib stream, cut anywhere.
final class PNGDataSource: ByteSource {
  let name: String
  let byteLimit: Int
  private(set) var position = 0
  private let chunks: PNGChunks

  /// Begins in the first `IDAT` chunk, and ends in the chunk after the last one.
  init(_ chunks: PNGChunks) {
    self.chunks = chunks
    name = "\(chunks.source.name) (data of its IDAT chunks)"
    byteLimit = chunks.source.byteLimit
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    while chunks.current.type == "IDAT", chunks.left == 0 { try chunks.advance() }
    guard chunks.current.type == "IDAT" else { return 0 }
    let count = try chunks.read(into: buffer)
    position += count
    return count
  }
}
