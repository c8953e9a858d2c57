/// The symbols of the deflate format: literals, lengths and distances (RFC 1951, section 3.2.5).
enum DeflateAlphabet {
  /// Symbol 256 ends a block; from 257 on come lengths.
  static let endOfBlock = 256
  static let literalCount = 286
  static let distanceCount = 30
  static let windowSize = 1 << 15
  static let shortestMatch = 3
  static let longestMatch = 258

  /// The order in which a block's header stores the lengths of the code of code lengths.
  static let codeLengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]

  static let lengthBases: [Int] = bases(start: 3, extraBits: lengthExtraBits)
  static let lengthExtraBits: [Int] = (0..<29).map { $0 < 8 || $0 == 28 ? 0 : $0 / 4 - 1 }
  static let distanceBases: [Int] = bases(start: 1, extraBits: distanceExtraBits)
  static let distanceExtraBits: [Int] = (0..<30).map { $0 < 4 ? 0 : $0 / 2 - 1 }

  static let fixedLiteralLengths: [UInt8] = (0..<288).map {
    $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8
  }
  static let fixedDistanceLengths = [UInt8](repeating: 5, count: 32)

  private static func bases(start: Int, extraBits: [Int]) -> [Int] {
    var bases: [Int] = []
    var next = start
    for bits in extraBits {
      bases.append(next)
      next += 1 << bits
    }
    // The longest length has a symbol of its own, without extra bits.
    if start == shortestMatch { bases[28] = longestMatch }
    return bases
  }
}
