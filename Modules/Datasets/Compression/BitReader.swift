/// Reads bits, lowest first, and whole bytes from a source.
///
/// Hot loops work on a copy in a local variable and put it back.
struct BitReader {
  private let input: InputBuffer
  private(set) var bits: UInt64 = 0
  /// Bits of ``bits`` that are valid; below 0 when more were taken than there were.
  private(set) var count = 0
  private var next: UnsafePointer<UInt8>
  private var end: UnsafePointer<UInt8>

  init(_ source: any ByteSource) {
    input = InputBuffer(source)
    next = UnsafePointer(input.start)
    end = next
  }

  /// What error messages call the bytes.
  var name: String { input.source.name }

  /// The offset of the byte that the next bit is in.
  var offset: Int { input.source.position - (end - next) - max(count, 0) / 8 }

  /// Makes at least 56 bits valid, or all that are left.
  @inline(__always)
  mutating func refill() throws(DataError) {
    if end - next >= 8 {
      bits |=
        UInt64(littleEndian: UnsafeRawPointer(next).loadUnaligned(as: UInt64.self))
        &<< UInt64(truncatingIfNeeded: count)
      next += (63 &- count) &>> 3
      count |= 56
    } else {
      try refillSlowly()
    }
  }

  @inline(never)
  private mutating func refillSlowly() throws(DataError) {
    // What lies above the valid bits was read ahead of its turn.
    bits &= (1 << UInt64(max(count, 0))) - 1
    while count < 56 {
      if next == end {
        (next, end) = try input.load(after: end)
        if next == end { return }
      }
      bits |= UInt64(next.pointee) << UInt64(count)
      next += 1
      count += 8
    }
  }

  /// Drops bits that were looked at.
  @inline(__always)
  mutating func drop(_ number: Int) {
    bits &>>= UInt64(truncatingIfNeeded: number)
    count &-= number
  }

  /// The next bits without checking that they were there.
  @inline(__always)
  mutating func takeUnchecked(_ number: Int) -> Int {
    let value = Int(truncatingIfNeeded: bits & ((1 &<< UInt64(number)) &- 1))
    drop(number)
    return value
  }

  /// The next `number` bits, at most 16.
  mutating func take(_ number: Int, of content: StaticString) throws(DataError) -> Int {
    if count < number { try refill() }
    let value = takeUnchecked(number)
    try requireBits(of: content)
    return value
  }

  /// Throws when more bits were taken than there were.
  @inline(__always)
  func requireBits(of content: StaticString) throws(DataError) {
    if count < 0 { throw truncated(content) }
  }

  @inline(never)
  private func truncated(_ content: StaticString) -> DataError {
    DataError(
      .truncated, file: name, at: .offset(input.source.position), expected: "\(content)",
      found: "the end")
  }

  // MARK: - Whole bytes

  /// Skips to the next whole byte and gives the bytes read ahead back.
  mutating func alignToByte() {
    next -= count >> 3
    bits = 0
    count = 0
  }

  /// Whether there is no byte left, on a byte's border.
  mutating func isAtEnd() throws(DataError) -> Bool {
    alignToByte()
    if next == end { (next, end) = try input.load(after: end) }
    return next == end
  }

  /// The next byte, where ``isAtEnd()`` found that there is one.
  func peekByte() -> UInt8 { next.pointee }

  mutating func byte(of content: StaticString) throws(DataError) -> UInt8 {
    if try isAtEnd() { throw truncated(content) }
    defer { next += 1 }
    return next.pointee
  }

  /// A little-endian number of up to 8 bytes.
  mutating func number(bytes: Int, of content: StaticString) throws(DataError) -> Int {
    var result = 0
    for index in 0..<bytes { result |= Int(try byte(of: content)) << (8 * index) }
    return result
  }

  /// Writes the next bytes, at least one and as many as are at hand, to `target`.
  mutating func copy(
    into target: UnsafeMutablePointer<UInt8>, atMost room: Int, of content: StaticString
  ) throws(DataError) -> Int {
    if try isAtEnd() { throw truncated(content) }
    let number = min(room, end - next)
    target.update(from: next, count: number)
    next += number
    return number
  }
}

/// The memory that a bit reader reads from, and where it comes from.
private final class InputBuffer {
  let source: any ByteSource
  private let memory: UnsafeMutablePointer<UInt8>
  private let capacity = 1 << 16
  /// The bytes before a new stretch that stay readable, so that what was read ahead can be given
  /// back.
  private let kept = 8

  init(_ source: any ByteSource) {
    self.source = source
    memory = .allocate(capacity: kept + capacity)
    memory.initialize(repeating: 0, count: kept)
  }

  deinit { memory.deallocate() }

  var start: UnsafeMutablePointer<UInt8> { memory + kept }

  /// The next stretch, in place of the one that ends at `end`.
  func load(
    after end: UnsafePointer<UInt8>
  ) throws(DataError) -> (UnsafePointer<UInt8>, UnsafePointer<UInt8>) {
    memory.update(from: end - kept, count: kept)
    let count = try source.read(into: UnsafeMutableRawBufferPointer(start: start, count: capacity))
    return (UnsafePointer(start), UnsafePointer(start + count))
  }
}
