/// The lines of a text file, one after the other, for files larger than memory.
///
/// ```swift
/// let lines = try TextLines("corpus.txt")
/// while let line = try lines.next() { … }
/// ```
///
/// The text is UTF-8, packed by gzip or not, and may begin with a byte-order mark. Lines end in LF,
/// CRLF or CR, which are no part of them; what follows the last line end is a line if it is not
/// empty.
public final class TextLines: DataStream {
  private let source: any ByteSource
  private let longest: Int
  private let stretch: Int
  private var buffer: [UInt8] = []
  /// Where the next line starts in the buffer.
  private var start = 0
  /// The offset in the file of the buffer's first byte.
  private var base = 0
  private var isAtEnd = false

  /// Opens the file at `path`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - longest: The most bytes that a line may have, so that memory stays bounded.
  /// - Throws: ``DataError`` when there is no such file.
  public convenience init(_ path: String, longestLine longest: Int = 1 << 24) throws(DataError) {
    self.init(try openUnpacked(path), longest: longest, stretch: 1 << 16)
  }

  init(_ source: any ByteSource, longest: Int, stretch: Int) {
    self.source = source
    self.longest = longest
    self.stretch = stretch
  }

  /// The next line; `nil` at the end.
  ///
  /// - Throws: ``DataError`` with the offset of the first byte that is not UTF-8, or of a line that
  ///   is too long.
  public func next() throws(DataError) -> String? {
    var end = start
    while true {
      while end < buffer.count, buffer[end] != 10, buffer[end] != 13 { end += 1 }
      // After a carriage return, one byte more tells whether it is the whole line end.
      let isCertain = end < buffer.count && (buffer[end] == 10 || end + 1 < buffer.count)
      if isCertain || isAtEnd { break }
      guard end - start <= longest else { break }
      end -= start
      try load()
      end += start
    }
    guard end - start <= longest else {
      throw DataError(
        .malformed, file: source.name, at: .offset(base + start),
        expected: "a line of at most \(longest) bytes", found: "a longer one")
    }
    guard start < buffer.count else { return nil }
    let line = try text(start..<end)
    start = end
    if start < buffer.count {
      let isPair = buffer[start] == 13 && start + 1 < buffer.count && buffer[start + 1] == 10
      start += isPair ? 2 : 1
    }
    return line
  }

  private func load() throws(DataError) {
    buffer.removeFirst(start)
    base += start
    start = 0
    let isFirst = base == 0 && buffer.isEmpty
    // The first stretch holds a whole byte-order mark.
    let bytes = try source.stretch(of: isFirst ? max(stretch, 3) : stretch)
    isAtEnd = bytes.isEmpty
    buffer += bytes
    if isFirst, buffer.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
  }

  private func text(_ range: Range<Int>) throws(DataError) -> String {
    let bytes = buffer[range]
    if let bad = firstInvalidUTF8(bytes) {
      let found = buffer[bad..<min(bad + 4, range.upperBound)].map { hexadecimal($0) }
      throw DataError(
        .malformed, file: source.name, at: .offset(base + bad), expected: "text in UTF-8",
        found: "the bytes \(found.joined(separator: " "))")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The position of the first byte of a sequence that is not UTF-8: a stray or missing continuation,
/// an overlong form, a surrogate, or a number past the last character.
func firstInvalidUTF8(_ bytes: ArraySlice<UInt8>) -> Int? {
  var position = bytes.startIndex
  while position < bytes.endIndex {
    let lead = bytes[position]
    var first: ClosedRange<UInt8> = 0x80...0xBF
    let length: Int
    switch lead {
    case 0...0x7F: length = 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { first = 0xA0...0xBF }
      if lead == 0xED { first = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { first = 0x90...0xBF }
      if lead == 0xF4 { first = 0x80...0x8F }
    default: return position
    }
    guard position + length <= bytes.endIndex else { return position }
    for offset in 1..<max(length, 1) {
      guard (offset == 1 ? first : 0x80...0xBF).contains(bytes[position + offset]) else {
        return position
      }
    }
    position += length
  }
  return nil
}
