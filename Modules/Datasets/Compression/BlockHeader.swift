/// The header of a deflate block that has codes of its own: their lengths, run-length coded and
/// Huffman coded.
struct BlockHeader {
  /// A symbol of the code of code lengths, with its extra bits.
  private struct Item {
    var symbol: Int
    var extra = 0
    var extraBits = 0
  }

  private let literalCount: Int
  private let distanceCount: Int
  private let items: [Item]
  private let code: HuffmanCode
  /// How many lengths of ``code`` are written.
  private let lengthCount: Int

  init(_ literals: HuffmanCode, _ distances: HuffmanCode) {
    literalCount = max(257, (literals.lengths.lastIndex { $0 > 0 } ?? 0) + 1)
    distanceCount = (distances.lengths.lastIndex { $0 > 0 } ?? 0) + 1
    items = Self.runs(
      Array(literals.lengths[..<literalCount]) + distances.lengths[..<distanceCount])
    var uses = [Int](repeating: 0, count: 19)
    for item in items { uses[item.symbol] += 1 }
    let code = HuffmanCode(frequencies: uses, limit: 7)
    self.code = code
    lengthCount = max(
      4, (DeflateAlphabet.codeLengthOrder.lastIndex { code.lengths[$0] > 0 } ?? 0) + 1)
  }

  /// The bits that the header takes, after the block's type.
  var cost: Int {
    14 + 3 * lengthCount + items.reduce(0) { $0 + Int(code.lengths[$1.symbol]) + $1.extraBits }
  }

  func write(to writer: inout BitWriter) {
    writer.write(literalCount - 257, bits: 5)
    writer.write(distanceCount - 1, bits: 5)
    writer.write(lengthCount - 4, bits: 4)
    for symbol in DeflateAlphabet.codeLengthOrder[..<lengthCount] {
      writer.write(Int(code.lengths[symbol]), bits: 3)
    }
    for item in items {
      writer.write(code.codes[item.symbol], bits: Int(code.lengths[item.symbol]))
      writer.write(item.extra, bits: item.extraBits)
    }
  }

  /// Symbol 16 repeats the last length 3 to 6 times; 17 and 18 stand for 3 to 10 and 11 to 138
  /// zeros.
  private static func runs(_ lengths: [UInt8]) -> [Item] {
    var items: [Item] = []
    var start = 0
    while start < lengths.count {
      let length = lengths[start]
      var end = start + 1
      while end < lengths.count, lengths[end] == length { end += 1 }
      var left = end - start
      if length == 0 {
        while left >= 3 {
          let count = min(left, 138)
          items.append(
            count > 10
              ? Item(symbol: 18, extra: count - 11, extraBits: 7)
              : Item(symbol: 17, extra: count - 3, extraBits: 3))
          left -= count
        }
      } else {
        items.append(Item(symbol: Int(length)))
        left -= 1
        while left >= 3 {
          let count = min(left, 6)
          items.append(Item(symbol: 16, extra: count - 3, extraBits: 2))
          left -= count
        }
      }
      items.append(contentsOf: repeatElement(Item(symbol: Int(length)), count: left))
      start = end
    }
    return items
  }
}
