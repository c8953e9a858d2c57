/// Reads decimal numbers straight from bytes.
enum DecimalParser {
  /// The number that the bytes spell, surrounding spaces aside; `nil` when they spell none.
  ///
  /// The result is correctly rounded. Up to 15 digits, and the power of ten that places their point,
  /// are exact doubles, so that their quotient rounds once; all other numbers take the standard
  /// library's slower way.
  static func number(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    let trimmed = trim(bytes)
    return fastNumber(trimmed) ?? slowNumber(trimmed)
  }

  private static func trim(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>
  ) -> Slice<UnsafeBufferPointer<UInt8>> {
    var result = bytes
    while let first = result.first, isBlank(first) { result = result.dropFirst() }
    while let last = result.last, isBlank(last) { result = result.dropLast() }
    return result
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func fastNumber(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    var position = bytes.startIndex
    let end = bytes.endIndex
    let sign = bytes.first
    let isNegative = sign == UInt8(ascii: "-")
    if isNegative || sign == UInt8(ascii: "+") { position += 1 }
    var significand: UInt64 = 0
    var digits = 0
    var decimals = 0
    var sawPoint = false
    while position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: "."), !sawPoint {
        sawPoint = true
      } else {
        let digit = byte &- UInt8(ascii: "0")
        guard digit < 10, digits < 15 else { return nil }
        significand = significand * 10 + UInt64(digit)
        digits += 1
        if sawPoint { decimals += 1 }
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    let magnitude = Double(significand) / powersOfTen[decimals]
    return isNegative ? -magnitude : magnitude
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// Exponents, many digits, and the names of the values that are not finite; the standard
  /// library's hexadecimal numbers are refused.
  private static func slowNumber(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    guard !bytes.isEmpty, !bytes.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }) else {
      return nil
    }
    return Double(String(decoding: bytes, as: UTF8.self))
  }
}
