/// A table that decodes a Huffman code by one look at the next bits, or two for long codes.
///
/// The first `rootBits` bits select an entry. An entry is packed as
///
/// ```
/// bits 0…7    code bits to drop          (of a subtable: rootBits)
/// bits 8…11   extra bits that follow     (of a subtable: the bits that select within it)
/// bits 12…15  what it is, a `Kind`
/// bits 16…31  literal, base of a length or distance, or a subtable's place
/// ```
final class HuffmanTable {
  enum Kind {
    static let literal: UInt32 = 0, base: UInt32 = 1, end: UInt32 = 2, link: UInt32 = 3
    static let invalid: UInt32 = 4
  }

  /// What is wrong with a list of code lengths.
  enum Flaw: String {
    case overfull = "more codes than their lengths allow"
    case incomplete = "an incomplete set of codes"
  }

  let entries: UnsafeMutablePointer<UInt32>
  private let rootBits: Int
  /// Complete codes need less: 2,342 entries for 288 symbols behind 11 bits, 402 for 32 behind 8.
  private static let capacity = 4096

  init(rootBits: Int) {
    self.rootBits = rootBits
    entries = .allocate(capacity: Self.capacity)
  }

  deinit { entries.deallocate() }

  @inline(__always)
  static func kind(_ entry: UInt32) -> UInt32 { entry >> 12 & 15 }
  @inline(__always)
  static func extraBits(_ entry: UInt32) -> Int { Int(entry >> 8 & 15) }
  @inline(__always)
  static func codeBits(_ entry: UInt32) -> Int { Int(entry & 255) }
  @inline(__always)
  static func value(_ entry: UInt32) -> Int { Int(entry >> 16) }

  /// Packs what a symbol means; the code's bits are added where the entry is placed.
  static func meaning(kind: UInt32, extraBits: Int = 0, value: Int) -> UInt32 {
    UInt32(value) << 16 | kind << 12 | UInt32(extraBits) << 8
  }

  /// Makes the table of the canonical code with the given lengths, 0 for symbols without a code.
  ///
  /// As the format has it, a code may be incomplete only when it has a single code of one bit, or
  /// none at all.
  func build(lengths: ArraySlice<UInt8>, meanings: [UInt32]) -> Flaw? {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    var left = 1
    for length in 1...15 {
      left = left << 1 - counts[length]
      if left < 0 { return .overfull }
    }
    let longest = counts.lastIndex { $0 > 0 } ?? 0
    if left > 0, longest > 1 || counts[1] > 1 { return .incomplete }

    let size = 1 << rootBits
    let invalid = Self.meaning(kind: Kind.invalid, value: 0) | 1
    entries.update(repeating: invalid, count: size)
    var codes = [Int](repeating: 0, count: 17)
    for length in 1...15 { codes[length + 1] = (codes[length] + counts[length]) << 1 }
    var placed: [(symbol: Int, code: Int, length: Int)] = []
    placed.reserveCapacity(lengths.count)
    // The longest code behind each root entry tells how large the subtable there must be.
    var depths = [Int](repeating: 0, count: longest > rootBits ? size : 0)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let length = Int(length)
      let code = reversed(codes[length], length)
      codes[length] += 1
      placed.append((symbol, code, length))
      if length > rootBits { depths[code & (size - 1)] = max(depths[code & (size - 1)], length) }
    }
    var used = size
    for (symbol, code, length) in placed {
      if length <= rootBits {
        let entry = meanings[symbol] | UInt32(length)
        for index in stride(from: code, to: size, by: 1 << length) { entries[index] = entry }
        continue
      }
      let root = code & (size - 1)
      let subBits = depths[root] - rootBits
      if Self.kind(entries[root]) != Kind.link {
        guard used + 1 << subBits <= Self.capacity else { return .overfull }
        entries[root] =
          Self.meaning(kind: Kind.link, extraBits: subBits, value: used) | UInt32(rootBits)
        (entries + used).update(repeating: invalid, count: 1 << subBits)
        used += 1 << subBits
      }
      let base = Self.value(entries[root])
      let entry = meanings[symbol] | UInt32(length - rootBits)
      for index in stride(from: code >> rootBits, to: 1 << subBits, by: 1 << (length - rootBits)) {
        entries[base + index] = entry
      }
    }
    return nil
  }
}

/// The lowest `count` bits in reverse order: Huffman codes are stored from their highest bit.
func reversed(_ bits: Int, _ count: Int) -> Int {
  Int(UInt16(truncatingIfNeeded: bits).bitReversed >> UInt16(16 - count))
}

extension UInt16 {
  fileprivate var bitReversed: UInt16 {
    var x = self
    x = x >> 1 & 0x5555 | (x & 0x5555) << 1
    x = x >> 2 & 0x3333 | (x & 0x3333) << 2
    x = x >> 4 & 0x0F0F | (x & 0x0F0F) << 4
    return x.byteSwapped
  }
}
