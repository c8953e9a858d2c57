/// What a bare deflate stream unpacks to.
final class DeflateSource: ByteSource {
  let name: String
  let byteLimit: Int
  private(set) var position = 0
  private let decoder: InflateDecoder
  private var stretch = UnsafeRawBufferPointer(start: nil, count: 0)
  private var isDone = false

  init(_ packed: any ByteSource) {
    name = "\(packed.name) (unpacked)"
    byteLimit = packed.byteLimit.multipliedSaturating(by: deflateExpansion)
    decoder = InflateDecoder(BitReader(packed))
    decoder.restart()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    if stretch.isEmpty, !isDone {
      stretch = try decoder.stretch()
      isDone = stretch.isEmpty
    }
    let count = min(buffer.count, stretch.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: stretch[..<count]))
    stretch = UnsafeRawBufferPointer(rebasing: stretch[count...])
    position += count
    return count
  }
}

/// An entry of a zip archive, held against its length and CRC-32 at its end.
final class ZipEntrySource: ByteSource {
  let name: String
  let byteLimit: Int
  private(set) var position = 0
  private let source: any ByteSource
  private let entry: ZipDirectory.Entry
  private var crc = CRC32()

  init(_ source: any ByteSource, _ entry: ZipDirectory.Entry) {
    self.source = source
    self.entry = entry
    name = source.name
    byteLimit = min(source.byteLimit, entry.count)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let count = try source.read(into: buffer)
    position += count
    crc.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    guard position <= entry.count else {
      throw damage(.trailing, "\(entry.count) bytes", "more")
    }
    if count == 0 {
      guard position == entry.count else {
        throw damage(.truncated, "\(entry.count) bytes", "\(position)")
      }
      guard crc.value == entry.crc else {
        throw damage(.checksum, "the CRC-32 \(hexadecimal(entry.crc))", hexadecimal(crc.value))
      }
    }
    return count
  }

  private func damage(_ kind: DataError.Kind, _ expected: String, _ found: String) -> DataError {
    DataError(kind, file: name, at: .offset(position), expected: expected, found: found)
  }
}
