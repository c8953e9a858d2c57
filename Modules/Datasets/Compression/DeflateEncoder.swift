/// Packs bytes into a deflate stream (RFC 1951).
///
/// Blocks of 32,768 literals and matches are written in the form that takes the fewest bits: with
/// codes of their own, with the fixed codes, or stored.
struct DeflateEncoder {
  private static let tokensInBlock = 1 << 15
  private static let longestStored = 65_535

  private var writer = BitWriter()

  /// The packed form of `bytes`.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBufferPointer { bytes in
      // The chains hold 32-bit positions, so that longer data are packed part by part.
      var encoder = DeflateEncoder()
      let part = 1 << 30
      var start = 0
      repeat {
        let end = min(start + part, bytes.count)
        encoder.encode(
          UnsafeBufferPointer(rebasing: bytes[start..<end]), isLast: end == bytes.count)
        start = end
      } while start < bytes.count
      encoder.writer.alignToByte()
      return encoder.writer.bytes
    }
  }

  private mutating func encode(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) {
    var finder = MatchFinder(bytes)
    var tokens: [MatchFinder.Token] = []
    repeat {
      let start = finder.position
      tokens.removeAll(keepingCapacity: true)
      while !finder.isAtEnd, tokens.count < Self.tokensInBlock { tokens.append(finder.next()) }
      writeBlock(
        tokens, bytes: UnsafeBufferPointer(rebasing: bytes[start..<finder.position]),
        isLast: isLast && finder.isAtEnd)
    } while !finder.isAtEnd
  }

  private mutating func writeBlock(
    _ tokens: [MatchFinder.Token], bytes: UnsafeBufferPointer<UInt8>, isLast: Bool
  ) {
    var literalUses = [Int](repeating: 0, count: DeflateAlphabet.literalCount)
    var distanceUses = [Int](repeating: 0, count: DeflateAlphabet.distanceCount)
    var extraBits = 0
    literalUses[DeflateAlphabet.endOfBlock] = 1
    for token in tokens {
      let length = MatchFinder.length(token)
      if length == 0 {
        literalUses[MatchFinder.low(token)] += 1
      } else {
        let (symbol, distance) = Self.symbols(length, MatchFinder.low(token))
        literalUses[DeflateAlphabet.endOfBlock + 1 + symbol] += 1
        distanceUses[distance] += 1
        extraBits +=
          DeflateAlphabet.lengthExtraBits[symbol] + DeflateAlphabet.distanceExtraBits[distance]
      }
    }
    let literals = HuffmanCode(frequencies: literalUses, limit: 15)
    let distances = HuffmanCode(frequencies: distanceUses, limit: 15)
    let header = BlockHeader(literals, distances)
    let dynamicCost =
      header.cost + literals.cost(of: literalUses) + distances.cost(of: distanceUses) + extraBits
    let fixedCost =
      Self.fixedLiterals.cost(of: literalUses) + Self.fixedDistances.cost(of: distanceUses)
      + extraBits
    let storedCost = (bytes.count / Self.longestStored + 1) * 40 + bytes.count * 8
    if storedCost < min(dynamicCost, fixedCost) {
      writeStored(bytes, isLast: isLast)
      return
    }
    writer.write(isLast ? 1 : 0, bits: 1)
    if fixedCost <= dynamicCost {
      writer.write(1, bits: 2)
      write(tokens, Self.fixedLiterals, Self.fixedDistances)
    } else {
      writer.write(2, bits: 2)
      header.write(to: &writer)
      write(tokens, literals, distances)
    }
  }

  private mutating func write(
    _ tokens: [MatchFinder.Token], _ literals: HuffmanCode, _ distances: HuffmanCode
  ) {
    for token in tokens {
      let (length, low) = (MatchFinder.length(token), MatchFinder.low(token))
      if length == 0 {
        writer.write(literals.codes[low], bits: Int(literals.lengths[low]))
        continue
      }
      let (symbol, distance) = Self.symbols(length, low)
      let literal = DeflateAlphabet.endOfBlock + 1 + symbol
      writer.write(literals.codes[literal], bits: Int(literals.lengths[literal]))
      writer.write(
        length - DeflateAlphabet.lengthBases[symbol],
        bits: DeflateAlphabet.lengthExtraBits[symbol])
      writer.write(distances.codes[distance], bits: Int(distances.lengths[distance]))
      writer.write(
        low - DeflateAlphabet.distanceBases[distance],
        bits: DeflateAlphabet.distanceExtraBits[distance])
    }
    let end = DeflateAlphabet.endOfBlock
    writer.write(literals.codes[end], bits: Int(literals.lengths[end]))
  }

  private mutating func writeStored(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) {
    var start = 0
    repeat {
      let end = min(start + Self.longestStored, bytes.count)
      writer.write(isLast && end == bytes.count ? 1 : 0, bits: 3)
      writer.alignToByte()
      writer.write(end - start, bits: 16)
      writer.write(end - start ^ 0xFFFF, bits: 16)
      writer.write(contentsOf: bytes[start..<end])
      start = end
    } while start < bytes.count
  }

  private static let fixedLiterals = HuffmanCode(lengths: DeflateAlphabet.fixedLiteralLengths)
  private static let fixedDistances = HuffmanCode(lengths: DeflateAlphabet.fixedDistanceLengths)

  /// The symbols of a match: of its length, from 0, and of its distance.
  @inline(__always)
  private static func symbols(_ length: Int, _ distance: Int) -> (Int, Int) {
    // A group of lengths or distances spans a power of two, cut in 4 or 2.
    (Int(lengthSymbols[length]), distanceSymbol(distance))
  }

  private static let lengthSymbols: [UInt8] = (0...DeflateAlphabet.longestMatch).map { length in
    UInt8(DeflateAlphabet.lengthBases.lastIndex { $0 <= length } ?? 0)
  }

  @inline(__always)
  private static func distanceSymbol(_ distance: Int) -> Int {
    guard distance > 2 else { return distance - 1 }
    let number = distance - 1
    let top = Int.bitWidth - 1 - number.leadingZeroBitCount
    return 2 * top + (number >> (top - 1) & 1)
  }
}
