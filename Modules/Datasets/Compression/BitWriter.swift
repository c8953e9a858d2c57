/// Packs bits into bytes, lowest first.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var bits: UInt64 = 0
  private var count = 0

  /// Appends the lowest `number` bits of `value`, at most 32; the others are 0.
  @inline(__always)
  mutating func write(_ value: Int, bits number: Int) {
    bits |= UInt64(truncatingIfNeeded: value) &<< UInt64(truncatingIfNeeded: count)
    count += number
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
      count -= 8
    }
  }

  /// Fills the last byte with zeros.
  mutating func alignToByte() {
    if count > 0 { write(0, bits: 8 - count) }
  }

  /// Appends bytes; the writer stands on a byte's border.
  mutating func write(contentsOf content: some Sequence<UInt8>) {
    bytes.append(contentsOf: content)
  }
}
