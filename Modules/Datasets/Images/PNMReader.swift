/// Reads PGM and PPM pictures: a header in text, then samples in text or bytes.
struct PNMReader {
  private let source: any ByteSource
  private let isText: Bool
  private let channels: Int
  private var buffer: [UInt8] = []
  private var next = 0
  /// The offset of the byte after the buffer.
  private var bufferEnd: Int

  /// Reads a picture whose first two bytes, `P` and `kind`, were read.
  init(_ source: any ByteSource, kind: UInt8) throws(DataError) {
    self.source = source
    bufferEnd = source.position
    guard kind != UInt8(ascii: "4") else {
      throw DataError(
        .unsupported, file: source.name, at: .offset(1), expected: "a PGM or PPM: P2, P3, P5 or P6",
        found: "the bitmap P4")
    }
    isText = kind < UInt8(ascii: "4")
    channels = kind == UInt8(ascii: "3") || kind == UInt8(ascii: "6") ? 3 : 1
  }

  consuming func read() throws(DataError) -> Pixels {
    let width = try number("the width", in: 1...1 << 31)
    let height = try number("the height", in: 1...1 << 31)
    let greatest = try number("the greatest value", in: 1...65_535)
    guard let separator = try byte(), Self.isBlank(separator) else {
      throw damage(.malformed, "a space after the greatest value", "none")
    }
    let count = width.multipliedSaturating(by: height).multipliedSaturating(by: channels)
    // A sample takes a byte or two; in text a digit and, but for the last one, a space.
    let least =
      isText
      ? count.multipliedSaturating(by: 2) - 1
      : count.multipliedSaturating(by: greatest > 255 ? 2 : 1)
    let room = source.byteLimit - offset
    guard least <= room else {
      throw damage(
        .truncated, "\(least) bytes or more for \(width)×\(height) pixels", "\(room) at most")
    }
    let samples =
      isText ? try textSamples(count, greatest) : try binarySamples(count, greatest)
    return Pixels(
      channels: channels, height: height, width: width, greatest: greatest, samples: samples)
  }

  private mutating func textSamples(_ count: Int, _ greatest: Int) throws(DataError) -> [UInt16] {
    var samples: [UInt16] = []
    while samples.count < count {
      samples.append(UInt16(try number("a sample", in: 0...greatest)))
    }
    while let byte = try byte() {
      guard Self.isBlank(byte) else {
        throw damage(.trailing, "the end after the last sample", "more text", at: offset - 1)
      }
    }
    return samples
  }

  private mutating func binarySamples(_ count: Int, _ greatest: Int) throws(DataError) -> [UInt16] {
    let size = greatest > 255 ? 2 : 1
    let start = offset
    var samples: [UInt16] = []
    while samples.count < count {
      guard let high = try byte() else { throw ended(count * size - (offset - start)) }
      var value = UInt16(high)
      if size == 2 {
        guard let low = try byte() else { throw ended(count * size - (offset - start)) }
        value = value << 8 | UInt16(low)
      }
      guard value <= greatest else {
        throw damage(
          .outOfRange, "a sample of at most \(greatest)", "\(value)", at: offset - size)
      }
      samples.append(value)
    }
    guard try byte() == nil else {
      throw damage(.trailing, "the end after the last sample", "more bytes", at: offset - 1)
    }
    return samples
  }

  private func ended(_ missing: Int) -> DataError {
    damage(.truncated, "\(missing) more bytes of samples", "the end")
  }

  /// Reads a number after blanks and comments, which go from `#` to the end of the line.
  private mutating func number(
    _ content: String, in range: ClosedRange<Int>
  ) throws(DataError) -> Int {
    var current = try byte()
    while let byte = current, Self.isBlank(byte) || byte == UInt8(ascii: "#") {
      if byte == UInt8(ascii: "#") {
        while let comment = try self.byte(), comment != 10, comment != 13 {}
      }
      current = try self.byte()
    }
    let start = current == nil ? offset : offset - 1
    var value: Int?
    while let byte = current, byte &- UInt8(ascii: "0") < 10 {
      value = min((value ?? 0) * 10 + Int(byte - UInt8(ascii: "0")), 1 << 40)
      current = try self.byte()
    }
    // What ends a number is read again: it may be the one blank before the samples.
    if current != nil { next -= 1 }
    guard let value else {
      throw damage(
        current == nil ? .truncated : .malformed, "\(content), a whole number",
        current == nil ? "the end" : "the byte \(hexadecimal(current ?? 0))", at: start)
    }
    guard range.contains(value) else {
      throw damage(
        .outOfRange, "\(content) from \(range.lowerBound) to \(range.upperBound)",
        value < 1 << 40 ? "\(value)" : "a larger number", at: start)
    }
    return value
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || 9...13 ~= byte }

  /// The offset of the next byte.
  private var offset: Int { bufferEnd - (buffer.count - next) }

  private mutating func byte() throws(DataError) -> UInt8? {
    if next == buffer.count {
      let piece = min(1 << 16, source.byteLimit - source.position)
      buffer = piece > 0 ? try source.stretch(of: piece) : []
      bufferEnd += buffer.count
      next = 0
      if buffer.isEmpty { return nil }
    }
    defer { next += 1 }
    return buffer[next]
  }

  private func damage(
    _ kind: DataError.Kind, _ expected: String, _ found: String, at place: Int? = nil
  ) -> DataError {
    DataError(
      kind, file: source.name, at: .offset(place ?? offset), expected: expected, found: found)
  }
}
