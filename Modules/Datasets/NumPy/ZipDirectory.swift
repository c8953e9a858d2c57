import Core

/// The list of files at the end of a zip archive.
///
/// [APPNOTE 6.3.10]: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
struct ZipDirectory {
  struct Entry {
    let name: String
    let method: Int
    let crc: UInt32
    let packedCount: Int
    let count: Int
    /// Where its local header is.
    let offset: Int
  }

  private(set) var entries: [Entry] = []
  private let file: FileSource

  init(_ file: FileSource) throws(DataError) {
    self.file = file
    let (offset, size, count) = try findDirectory()
    let bytes = try read(offset, size)
    var place = 0
    var names: Set<String> = []
    for _ in 0..<count {
      guard bytes.count - place >= 46, bytes.number(at: place, 4) == 0x0201_4B50 else {
        throw damage(.malformed, offset + place, "an entry of the directory", "something else")
      }
      let (entry, next) = try entry(bytes, place, offset)
      guard names.insert(entry.name).inserted else {
        throw damage(.malformed, offset + place, "'\(entry.name)' no more than once", "it again")
      }
      entries.append(entry)
      place = next
    }
  }

  /// The bytes of an entry, unpacked and checked.
  func source(of entry: Entry) throws(DataError) -> any ByteSource {
    let local = try read(entry.offset, 30)
    guard local.number(at: 0, 4) == 0x0403_4B50 else {
      throw damage(.malformed, entry.offset, "the header of '\(entry.name)'", "something else")
    }
    let start = entry.offset + 30 + local.number(at: 26, 2) + local.number(at: 28, 2)
    let packed = MemorySource(
      try read(start, entry.packedCount), name: "\(file.name), '\(entry.name)'")
    let source: any ByteSource
    switch entry.method {
    case 0: source = packed
    case 8: source = DeflateSource(packed)
    default:
      throw damage(
        .unsupported, entry.offset + 8, "'\(entry.name)' stored or deflated",
        "method \(entry.method)")
    }
    return ZipEntrySource(source, entry)
  }

  // MARK: - Parts

  /// The end of the archive says where the directory is; behind it there may be a comment.
  private func findDirectory() throws(DataError) -> (offset: Int, size: Int, count: Int) {
    let tailCount = min(file.byteLimit, 22 + 0xFFFF)
    let tailStart = file.byteLimit - tailCount
    let tail = try read(tailStart, tailCount)
    var place = tailCount - 22
    while place >= 0 {
      if tail[place] == 0x50, tail.number(at: place, 4) == 0x0605_4B50,
        place + 22 + tail.number(at: place + 20, 2) == tailCount
      {
        break
      }
      place -= 1
    }
    guard place >= 0 else {
      throw damage(.malformed, 0, "a zip archive with its directory", "none")
    }
    var (count, size, offset) = (
      tail.number(at: place + 10, 2), tail.number(at: place + 12, 4),
      tail.number(at: place + 16, 4)
    )
    let end = tailStart + place
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, end >= 20 {
      let locator = try read(end - 20, 20)
      if locator.number(at: 0, 4) == 0x0706_4B50 {
        let record = try read(locator.number(at: 8, 8), 56)
        guard record.number(at: 0, 4) == 0x0606_4B50 else {
          throw damage(.malformed, end - 20, "the place of the directory", "another")
        }
        (count, size, offset) = (
          record.number(at: 32, 8), record.number(at: 40, 8), record.number(at: 48, 8)
        )
      }
    }
    return (offset, size, count)
  }

  private func entry(
    _ bytes: [UInt8], _ place: Int, _ base: Int
  ) throws(DataError) -> (Entry, next: Int) {
    let nameCount = bytes.number(at: place + 28, 2)
    let extraCount = bytes.number(at: place + 30, 2)
    let next = place + 46 + nameCount + extraCount + bytes.number(at: place + 32, 2)
    guard next <= bytes.count else {
      throw damage(.truncated, base + place, "an entry of the directory", "its end")
    }
    guard bytes.number(at: place + 8, 2) & 1 == 0 else {
      throw damage(
        .unsupported, base + place + 8, "an entry without encryption", "an encrypted one")
    }
    let nameStart = place + 46
    var (count, packedCount, offset) = (
      bytes.number(at: place + 24, 4), bytes.number(at: place + 20, 4),
      bytes.number(at: place + 42, 4)
    )
    // Numbers that do not fit stand in an extra field of kind 1, in this order.
    var field = nameStart + nameCount
    let extraEnd = field + extraCount
    while field + 4 <= extraEnd {
      let (kind, length) = (bytes.number(at: field, 2), bytes.number(at: field + 2, 2))
      var wide = field + 4
      field = wide + length
      guard kind == 1, field <= extraEnd else { continue }
      func take(_ number: inout Int) {
        guard number == 0xFFFF_FFFF, wide + 8 <= field else { return }
        number = bytes.number(at: wide, 8)
        wide += 8
      }
      take(&count)
      take(&packedCount)
      take(&offset)
    }
    let entry = Entry(
      name: String(decoding: bytes[nameStart..<nameStart + nameCount], as: UTF8.self),
      method: bytes.number(at: place + 10, 2), crc: UInt32(bytes.number(at: place + 16, 4)),
      packedCount: packedCount, count: count, offset: offset)
    return (entry, next)
  }

  /// Bytes of the file; what it does not have is not allocated.
  private func read(_ offset: Int, _ count: Int) throws(DataError) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= file.byteLimit, count <= file.byteLimit - offset else {
      throw damage(
        .truncated, file.byteLimit, "\(count) bytes at byte \(offset), as the archive says",
        "the end")
    }
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBufferPointer { bytes throws(DataError) in
      try file.fillWhole(UnsafeMutableRawBufferPointer(bytes), at: offset)
    }
    return bytes
  }

  private func damage(
    _ kind: DataError.Kind, _ offset: Int, _ expected: String, _ found: String
  ) -> DataError {
    DataError(kind, file: file.name, at: .offset(offset), expected: expected, found: found)
  }
}

extension [UInt8] {
  /// A little-endian number of up to 8 bytes; one that does not fit is the greatest there is.
  fileprivate func number(at offset: Int, _ size: Int) -> Int {
    var value: UInt64 = 0
    for index in (0..<size).reversed() { value = value << 8 | UInt64(self[offset + index]) }
    return Int(clamping: value)
  }
}
