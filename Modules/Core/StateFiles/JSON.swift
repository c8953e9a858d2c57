/// As much of JSON as the header of a state file is made of, parsed strictly: objects keep their
/// order, and a key that occurs twice is an error.
///
/// [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259
indirect enum JSON {
  case object([(key: String, value: JSON)])
  case array([JSON])
  case string(String)
  case integer(Int)
  /// A number that is no integer, a truth value or null: valid, but of no use here.
  case other(String)

  struct Failure: Error {
    let offset: Int
    let expected: String
  }

  init(parsing bytes: [UInt8]) throws(Failure) {
    var parser = JSONParser(bytes)
    self = try parser.document()
  }

  /// The integers of an array of integers that are not negative.
  var integers: [Int]? {
    guard case .array(let values) = self else { return nil }
    var result: [Int] = []
    for value in values {
      guard case .integer(let integer) = value, integer >= 0 else { return nil }
      result.append(integer)
    }
    return result
  }

  var kind: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .integer, .other: "'\(summary)'"
    }
  }

  /// The value in short, for messages.
  var summary: String {
    switch self {
    case .object: "an object"
    case .array(let values):
      "[" + values.prefix(10).map(\.summary).joined(separator: ", ")
        + (values.count > 10 ? ", …]" : "]")
    case .string(let text): "\"\(text)\""
    case .integer(let value): String(value)
    case .other(let text): text
    }
  }
}

private struct JSONParser {
  private let bytes: [UInt8]
  private var place = 0
  /// A header nests three deep; this many keep a hostile one from exhausting the stack.
  private static let deepest = 16

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSON.Failure) -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    if place < bytes.count { throw failure("spaces after the end of the object") }
    return value
  }

  private mutating func value(depth: Int) throws(JSON.Failure) -> JSON {
    if depth > JSONParser.deepest { throw failure("less nesting") }
    skipSpace()
    guard let first = peek else { throw failure("a value") }
    switch first {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default:
      for word in ["true", "false", "null"] where bytes[place...].starts(with: word.utf8) {
        place += word.utf8.count
        return .other(word)
      }
      throw failure("a value")
    }
  }

  private mutating func object(depth: Int) throws(JSON.Failure) -> JSON {
    var fields: [(key: String, value: JSON)] = []
    var keys: Set<String> = []
    place += 1
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      let start = place
      let key = try string()
      guard keys.insert(key).inserted else {
        throw JSON.Failure(offset: start, expected: "'\(key)' no more than once")
      }
      skipSpace()
      guard take(":") else { throw failure("':'") }
      fields.append((key, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(fields) }
      guard take(",") else { throw failure("',' or '}'") }
    }
  }

  private mutating func array(depth: Int) throws(JSON.Failure) -> JSON {
    var values: [JSON] = []
    place += 1
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(values) }
      guard take(",") else { throw failure("',' or ']'") }
    }
  }

  private mutating func number() throws(JSON.Failure) -> JSON {
    let start = place
    _ = take("-")
    if take("0") {
      if isDigit(peek) { throw failure("no digit after a leading 0") }
    } else {
      try digits()
    }
    var isInteger = true
    if take(".") {
      isInteger = false
      try digits()
    }
    if take("e") || take("E") {
      isInteger = false
      _ = take("+") || take("-")
      try digits()
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    return .other(text)
  }

  private mutating func digits() throws(JSON.Failure) {
    guard isDigit(peek) else { throw failure("a digit") }
    while isDigit(peek) { place += 1 }
  }

  private mutating func string() throws(JSON.Failure) -> String {
    guard take("\"") else { throw failure("'\"'") }
    let start = place
    var units: [UInt8] = []
    while let byte = peek {
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else {
          throw JSON.Failure(offset: start, expected: "a string in UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): units += try escape()
      case 0..<0x20:
        place -= 1
        throw failure("an escape instead of a control character")
      default: units.append(byte)
      }
    }
    throw failure("'\"'")
  }

  private mutating func escape() throws(JSON.Failure) -> [UInt8] {
    guard let byte = peek else { throw failure("an escape") }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if code >> 10 == 0x36 {
        guard take("\\"), take("u") else { throw failure("the second half of a pair") }
        let low = try hexadecimal()
        guard low >> 10 == 0x37 else { throw failure("the second half of a pair") }
        code = 0x10000 + (code & 0x3ff) << 10 + (low & 0x3ff)
      }
      guard let scalar = UnicodeScalar(code) else { throw failure("a character") }
      return Array(String(scalar).utf8)
    default:
      place -= 1
      throw failure("an escape")
    }
  }

  private mutating func hexadecimal() throws(JSON.Failure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw failure("four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      place += 1
    }
    return code
  }

  // MARK: Bytes

  private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false
  }

  private mutating func take(_ character: UnicodeScalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
      place += 1
    }
  }

  private func failure(_ expected: String) -> JSON.Failure {
    JSON.Failure(offset: place, expected: expected)
  }
}
