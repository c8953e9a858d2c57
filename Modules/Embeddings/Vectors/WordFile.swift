import Core

/// The bytes of a file that is read from start to end.
struct WordFile {
  let path: String
  let byteCount: Int
  private let file: InputFile
  private var buffer: [UInt8] = []
  private var start = 0
  /// The offset of the next byte.
  private(set) var offset = 0

  init(_ path: String) throws(WordFileError) {
    self.path = path
    do throws(StateFileError) {
      file = try InputFile(path)
    } catch { throw Self.translated(error, path, "a readable file") }
    byteCount = file.byteCount
  }

  var isAtEnd: Bool { offset == byteCount }

  /// The bytes before the next `separator`, which is passed over; `nil` when none comes within
  /// `limit` bytes. The end of the file counts as one where `endSeparates`.
  mutating func bytes(
    before separator: UInt8, limit: Int, endSeparates: Bool
  ) throws(WordFileError) -> [UInt8]? {
    var length = 0
    while length <= limit {
      if start + length == buffer.count, try !load() {
        guard endSeparates else { return nil }
        return take(length)
      }
      if buffer[start + length] == separator {
        let result = take(length)
        _ = take(1)
        return result
      }
      length += 1
    }
    return nil
  }

  /// The next bytes, all of them; `nil` when the file ends before.
  mutating func bytes(_ count: Int) throws(WordFileError) -> [UInt8]? {
    if count > byteCount - offset { return nil }
    while buffer.count - start < count { _ = try load() }
    return take(count)
  }

  /// The next byte, which is not passed over.
  mutating func peek() throws(WordFileError) -> UInt8? {
    if start == buffer.count, try !load() { return nil }
    return buffer[start]
  }

  private mutating func take(_ count: Int) -> [UInt8] {
    let result = Array(buffer[start..<start + count])
    start += count
    offset += count
    return result
  }

  /// Appends some more of the file; `false` at its end.
  private mutating func load() throws(WordFileError) -> Bool {
    buffer.removeFirst(start)
    start = 0
    let position = offset + buffer.count
    let count = min(1 << 18, byteCount - position)
    if count == 0 { return false }
    do throws(StateFileError) {
      buffer += try file.bytes(count: count, at: position)
    } catch { throw Self.translated(error, path, "bytes that can be read") }
    return true
  }

  static func translated(
    _ error: StateFileError, _ path: String, _ expected: String
  ) -> WordFileError {
    var found = "\(error)"
    if case .inaccessible(_, let operation, let reason) = error {
      found = "cannot \(operation): \(reason)"
    }
    return WordFileError(path: path, place: .file, expected: expected, found: found)
  }
}

/// A text in UTF-8, or `nil`.
func validText(_ bytes: some Sequence<UInt8>) -> String? {
  String(validating: bytes, as: UTF8.self)
}
