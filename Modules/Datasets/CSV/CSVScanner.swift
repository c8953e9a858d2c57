/// Cuts the bytes of a CSV file into fields and rows.
///
/// Follows RFC 4180, and what files in the wild need beyond it: a byte-order mark, any single-byte
/// delimiter, lines that end in LF, CRLF or CR, and empty lines, which are skipped.
struct CSVScanner {
  /// One field. A quoted one keeps its doubled quotation marks until somebody asks for its text.
  struct Field {
    var bytes: Range<Int>
    var isQuoted: Bool
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  let bytes: UnsafeBufferPointer<UInt8>
  let delimiter: UInt8
  let file: String
  /// The line on which the row read last begins.
  private(set) var line = 0
  /// The fields of the row read last.
  private(set) var fields: [Field] = []
  private var position = 0
  /// The line after the last one that was read.
  private(set) var nextLine: Int

  /// - Parameters:
  ///   - bytes: Whole rows.
  ///   - delimiter: What stands between two fields.
  ///   - file: What error messages call the bytes.
  ///   - line: The number of the first line; a byte-order mark may stand before line 1.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, file: String, fromLine line: Int = 1
  ) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.file = file
    nextLine = line
    if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Reads the next row that is not an empty line; `false` at the end.
  mutating func readRow() throws(DataError) -> Bool {
    while position < bytes.count, isLineEnd(bytes[position]) { skipLineEnd() }
    guard position < bytes.count else { return false }
    line = nextLine
    fields.removeAll(keepingCapacity: true)
    while true {
      fields.append(try readField())
      guard position < bytes.count else { return true }
      if bytes[position] == delimiter {
        position += 1
      } else {
        skipLineEnd()
        return true
      }
    }
  }

  /// The text of a field, without quotation marks.
  func text(of field: Field) -> String {
    let text = String(decoding: bytes[field.bytes], as: UTF8.self)
    return field.isQuoted ? text.replacing("\"\"", with: "\"") : text
  }

  private func isLineEnd(_ byte: UInt8) -> Bool {
    byte == Self.lineFeed || byte == Self.carriageReturn
  }

  private mutating func skipLineEnd() {
    let isPair =
      bytes[position] == Self.carriageReturn && position + 1 < bytes.count
      && bytes[position + 1] == Self.lineFeed
    position += isPair ? 2 : 1
    nextLine += 1
  }

  private mutating func readField() throws(DataError) -> Field {
    if position < bytes.count, bytes[position] == Self.quote { return try readQuotedField() }
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == delimiter || isLineEnd(byte) { break }
      if byte == Self.quote {
        throw malformed(expected: "quotation marks around the whole field", found: "one inside it")
      }
      position += 1
    }
    return Field(bytes: start..<position, isQuoted: false)
  }

  /// Reads a field that may hold delimiters, line ends and, doubled, quotation marks.
  private mutating func readQuotedField() throws(DataError) -> Field {
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == Self.quote {
        let next = position + 1
        if next < bytes.count, bytes[next] == Self.quote {
          position += 2
          continue
        }
        position = next
        if next < bytes.count, bytes[next] != delimiter, !isLineEnd(bytes[next]) {
          throw malformed(
            expected: "a delimiter or the end of the line after the closing quotation mark",
            found: "\"\(Character(Unicode.Scalar(bytes[next])))\"")
        }
        return Field(bytes: start..<next - 1, isQuoted: true)
      }
      if isLineEnd(byte) { skipLineEnd() } else { position += 1 }
    }
    throw malformed(expected: "a closing quotation mark", found: "the end of the file")
  }

  private func malformed(expected: String, found: String) -> DataError {
    DataError(
      .malformed, file: file, at: .line(line, column: fields.count + 1), expected: expected,
      found: found)
  }
}
