/// Finds where rows end in a file that comes piece by piece: at line ends outside quotation marks.
struct CSVRowBorders {
  private enum State {
    case fieldStart, unquoted, quoted, closingQuote
  }

  private let delimiter: UInt8
  private var state = State.fieldStart
  /// A carriage return may be the first half of a line end.
  private var sawReturn = false

  init(delimiter: UInt8) { self.delimiter = delimiter }

  /// The end of the last row in the next bytes: the number of bytes up to it, if any row ends here.
  mutating func lastBorder(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var border: Int?
    for (index, byte) in bytes.enumerated() {
      if sawReturn {
        sawReturn = false
        border = byte == 10 ? index + 1 : index
        if byte == 10 { continue }
      }
      switch (state, byte) {
      case (.quoted, UInt8(ascii: "\"")): state = .closingQuote
      case (.quoted, _): break
      case (.closingQuote, UInt8(ascii: "\"")), (.fieldStart, UInt8(ascii: "\"")): state = .quoted
      case (_, delimiter): state = .fieldStart
      case (_, 10):
        state = .fieldStart
        border = index + 1
      case (_, 13):
        state = .fieldStart
        sawReturn = true
      default: state = .unquoted
      }
    }
    return border
  }
}
