/// Decodes a deflate stream (RFC 1951), a stretch at a time and in bounded memory.
final class InflateDecoder {
  private enum State {
    case header
    case stored(left: Int)
    case compressed
    case done
  }

  /// Where the compressed bits come from; after the last stretch it is at the stream's end.
  var reader: BitReader
  private var state = State.done
  private var isLastBlock = false
  /// The last 32 KB of output, which matches refer to, and behind them the stretch being made.
  private let window: UnsafeMutablePointer<UInt8>
  private var fill = 0
  /// Bytes of output since ``restart()``.
  private var total = 0
  private let ownLiterals = HuffmanTable(rootBits: 11)
  private let ownDistances = HuffmanTable(rootBits: 8)
  private let codeLengths = HuffmanTable(rootBits: 7)
  private var literals: HuffmanTable
  private var distances: HuffmanTable

  /// A stretch ends when fewer bytes than the longest match, copied 8 at a time, have room.
  private static let margin = DeflateAlphabet.longestMatch + 16
  private static let capacity = DeflateAlphabet.windowSize * 4

  init(_ reader: BitReader) {
    self.reader = reader
    window = .allocate(capacity: Self.capacity)
    literals = ownLiterals
    distances = ownDistances
  }

  deinit { window.deallocate() }

  /// Begins another stream where the reader stands.
  func restart() {
    state = .header
    fill = 0
    total = 0
  }

  /// The next stretch of output, valid until the next call; an empty one at the stream's end.
  func stretch() throws(DataError) -> UnsafeRawBufferPointer {
    let kept = min(fill, DeflateAlphabet.windowSize)
    window.update(from: window + fill - kept, count: kept)
    fill = kept
    decoding: while fill <= Self.capacity - Self.margin {
      switch state {
      case .header: try readHeader()
      case .stored(let left):
        if left == 0 {
          state = isLastBlock ? .done : .header
          continue
        }
        let count = try reader.copy(
          into: window + fill, atMost: min(left, Self.capacity - fill), of: "a stored block")
        fill += count
        state = .stored(left: left - count)
      case .compressed: try decodeBlock(producedBefore: total - kept)
      case .done: break decoding
      }
    }
    total += fill - kept
    return UnsafeRawBufferPointer(start: window + kept, count: fill - kept)
  }

  // MARK: - A block's header

  private func readHeader() throws(DataError) {
    let offset = reader.offset
    isLastBlock = try reader.take(1, of: "the header of a block") == 1
    switch try reader.take(2, of: "the header of a block") {
    case 0:
      reader.alignToByte()
      let count = try reader.number(bytes: 2, of: "the length of a stored block")
      let complement = try reader.number(bytes: 2, of: "the length of a stored block")
      guard count ^ complement == 0xFFFF else {
        throw malformed(offset, "a length and its complement", "\(count) and \(complement)")
      }
      state = .stored(left: count)
    case 1:
      (literals, distances) = (Self.fixed.literals, Self.fixed.distances)
      state = .compressed
    case 2:
      try readCodes(offset)
      (literals, distances) = (ownLiterals, ownDistances)
      state = .compressed
    default: throw malformed(offset, "a block of type 0, 1 or 2", "type 3")
    }
  }

  private func readCodes(_ offset: Int) throws(DataError) {
    let content: StaticString = "the codes of a block"
    let literalCount = try reader.take(5, of: content) + 257
    let distanceCount = try reader.take(5, of: content) + 1
    let lengthCount = try reader.take(4, of: content) + 4
    guard literalCount <= DeflateAlphabet.literalCount,
      distanceCount <= DeflateAlphabet.distanceCount
    else {
      throw malformed(
        offset, "at most 286 literals and 30 distances", "\(literalCount) and \(distanceCount)")
    }
    var lengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<lengthCount {
      lengths[DeflateAlphabet.codeLengthOrder[index]] = UInt8(try reader.take(3, of: content))
    }
    try build(codeLengths, lengths[...], Self.codeLengthMeanings, "code lengths", offset)
    lengths = try readLengths(literalCount + distanceCount, offset)
    guard lengths[DeflateAlphabet.endOfBlock] > 0 else {
      throw malformed(offset, "a code for the end of the block", "none")
    }
    try build(
      ownLiterals, lengths[..<literalCount], Self.literalMeanings, "literals and lengths", offset)
    try build(ownDistances, lengths[literalCount...], Self.distanceMeanings, "distances", offset)
  }

  /// The lengths of a block's codes, which are run-length coded and Huffman coded themselves.
  private func readLengths(_ count: Int, _ offset: Int) throws(DataError) -> [UInt8] {
    var lengths: [UInt8] = []
    while lengths.count < count {
      if reader.count < 14 { try reader.refill() }
      let entry = codeLengths.entries[Int(reader.bits & 127)]
      reader.drop(HuffmanTable.codeBits(entry))
      guard HuffmanTable.kind(entry) != HuffmanTable.Kind.invalid else {
        try reader.requireBits(of: "the codes of a block")
        throw malformed(offset, "the code of a code length", "bits that are none")
      }
      let symbol = HuffmanTable.value(entry)
      let extra = reader.takeUnchecked(HuffmanTable.extraBits(entry))
      try reader.requireBits(of: "the codes of a block")
      switch symbol {
      case 16:
        guard let last = lengths.last else {
          throw malformed(offset, "a code length to repeat", "none before it")
        }
        lengths.append(contentsOf: repeatElement(last, count: 3 + extra))
      case 17: lengths.append(contentsOf: repeatElement(0, count: 3 + extra))
      case 18: lengths.append(contentsOf: repeatElement(0, count: 11 + extra))
      default: lengths.append(UInt8(symbol))
      }
    }
    guard lengths.count == count else {
      throw malformed(offset, "\(count) code lengths", "\(lengths.count)")
    }
    return lengths
  }

  private func build(
    _ table: HuffmanTable, _ lengths: ArraySlice<UInt8>, _ meanings: [UInt32],
    _ content: StaticString, _ offset: Int
  ) throws(DataError) {
    if let flaw = table.build(lengths: lengths, meanings: meanings) {
      throw malformed(offset, "a Huffman code of \(content)", flaw.rawValue)
    }
  }

  // MARK: - A block's content

  /// Decodes until the block ends or the window is full.
  ///
  /// - Parameter before: Bytes of output that are no longer in the window.
  private func decodeBlock(producedBefore before: Int) throws(DataError) {
    var reader = self.reader
    var out = window + fill
    defer {
      self.reader = reader
      fill = out - window
    }
    let limit = window + (Self.capacity - Self.margin)
    let (literals, distances) = (self.literals.entries, self.distances.entries)
    while out <= limit {
      if reader.count < 48 { try reader.refill() }
      var entry = literals[Int(truncatingIfNeeded: reader.bits & 2047)]
      if HuffmanTable.kind(entry) == HuffmanTable.Kind.link {
        entry = follow(entry, in: literals, &reader)
      }
      reader.drop(HuffmanTable.codeBits(entry))
      if HuffmanTable.kind(entry) == HuffmanTable.Kind.literal {
        out.pointee = UInt8(truncatingIfNeeded: entry >> 16)
        try reader.requireBits(of: "compressed data")
        out += 1
        continue
      }
      guard HuffmanTable.kind(entry) == HuffmanTable.Kind.base else {
        try reader.requireBits(of: "compressed data")
        guard HuffmanTable.kind(entry) == HuffmanTable.Kind.end else {
          throw malformed(reader.offset, "the code of a literal or length", "bits that are none")
        }
        state = isLastBlock ? .done : .header
        return
      }
      let length =
        HuffmanTable.value(entry) &+ reader.takeUnchecked(HuffmanTable.extraBits(entry))
      entry = distances[Int(truncatingIfNeeded: reader.bits & 255)]
      if HuffmanTable.kind(entry) == HuffmanTable.Kind.link {
        entry = follow(entry, in: distances, &reader)
      }
      reader.drop(HuffmanTable.codeBits(entry))
      let distance =
        HuffmanTable.value(entry) &+ reader.takeUnchecked(HuffmanTable.extraBits(entry))
      try reader.requireBits(of: "compressed data")
      guard HuffmanTable.kind(entry) == HuffmanTable.Kind.base else {
        throw malformed(reader.offset, "the code of a distance", "bits that are none")
      }
      let available = before + (out - window)
      guard distance <= available else {
        throw malformed(
          reader.offset, "a distance of at most \(available)", "\(distance)")
      }
      copyMatch(to: out, distance: distance, length: length)
      out += length
    }
  }

  @inline(__always)
  private func follow(
    _ link: UInt32, in table: UnsafeMutablePointer<UInt32>, _ reader: inout BitReader
  ) -> UInt32 {
    reader.drop(HuffmanTable.codeBits(link))
    let mask = (1 &<< UInt64(HuffmanTable.extraBits(link))) &- 1
    return table[HuffmanTable.value(link) &+ Int(truncatingIfNeeded: reader.bits & mask)]
  }

  /// Copies from `distance` bytes back; up to 7 bytes behind the match are overwritten as well.
  @inline(__always)
  private func copyMatch(to target: UnsafeMutablePointer<UInt8>, distance: Int, length: Int) {
    let source = target - distance
    if distance >= 8 {
      // A word at a time never reads what the same word writes.
      var index = 0
      repeat {
        let word = UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
        UnsafeMutableRawPointer(target + index).storeBytes(of: word, as: UInt64.self)
        index &+= 8
      } while index < length
    } else {
      for index in 0..<length { target[index] = source[index] }
    }
  }

  private func malformed(_ offset: Int, _ expected: String, _ found: String) -> DataError {
    DataError(
      .malformed, file: reader.name, at: .offset(offset), expected: expected, found: found)
  }
}
