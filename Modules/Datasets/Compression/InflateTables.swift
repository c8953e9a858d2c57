/// The tables of the fixed codes, which nobody writes to any more.
struct FixedTables: @unchecked Sendable {
  let literals = HuffmanTable(rootBits: 11)
  let distances = HuffmanTable(rootBits: 8)
}

extension InflateDecoder {
  /// The codes of a block of type 1.
  static let fixed: FixedTables = {
    let tables = FixedTables()
    _ = tables.literals.build(
      lengths: DeflateAlphabet.fixedLiteralLengths[...], meanings: literalMeanings)
    _ = tables.distances.build(
      lengths: DeflateAlphabet.fixedDistanceLengths[...], meanings: distanceMeanings)
    return tables
  }()

  /// What the symbols of each code stand for.
  static let literalMeanings: [UInt32] = (0..<288).map { symbol in
    if symbol < 256 { return HuffmanTable.meaning(kind: HuffmanTable.Kind.literal, value: symbol) }
    if symbol == 256 { return HuffmanTable.meaning(kind: HuffmanTable.Kind.end, value: 0) }
    return base(
      symbol - 257, DeflateAlphabet.lengthBases, DeflateAlphabet.lengthExtraBits)
  }

  static let distanceMeanings: [UInt32] = (0..<32).map {
    base($0, DeflateAlphabet.distanceBases, DeflateAlphabet.distanceExtraBits)
  }

  static let codeLengthMeanings: [UInt32] = (0..<19).map { symbol in
    HuffmanTable.meaning(
      kind: HuffmanTable.Kind.base,
      extraBits: symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0, value: symbol)
  }

  /// A length or distance; symbols beyond the last one have codes in the fixed tables only.
  private static func base(_ index: Int, _ bases: [Int], _ extraBits: [Int]) -> UInt32 {
    guard index < bases.count else {
      return HuffmanTable.meaning(kind: HuffmanTable.Kind.invalid, value: 0)
    }
    return HuffmanTable.meaning(
      kind: HuffmanTable.Kind.base, extraBits: extraBits[index], value: bases[index])
  }
}
