extension TrainingHistory {
  /// Writes the numbers as scalars that TensorBoard shows: one event file in a folder.
  ///
  /// The file appears under its name only when it is complete. Written again after each epoch, it is
  /// replaced by a longer one with the same beginning, and a TensorBoard that runs goes on reading.
  /// TensorBoard's scalars are `float32`.
  ///
  /// - Parameter directory: The folder; it is made unless it is there. Each training has its own.
  public func write(tensorBoard directory: String) throws(StateFileError) {
    let folder = try Folder(making: directory)
    let start = points.first?.point.time ?? Self.now
    let file = try AtomicFile(
      folder.path(of: "events.out.tfevents.\(Int(start.rounded(.down))).apus"))
    try file.write(events(from: start))
    try file.commit()
  }

  /// The records of an event file. The first one says which format it is.
  private func events(from start: Double) -> [UInt8] {
    var version = ProtobufMessage()
    version.append(1, start)
    version.append(3, Array("brain.Event:2".utf8))
    var bytes = eventRecord(version.bytes)
    for (column, point) in points {
      var value = ProtobufMessage()
      value.append(1, Array(names[column].utf8))
      value.append(2, Float(point.value))
      var summary = ProtobufMessage()
      summary.append(1, value.bytes)
      var event = ProtobufMessage()
      event.append(1, point.time)
      event.append(2, point.step)
      event.append(5, summary.bytes)
      bytes += eventRecord(event.bytes)
    }
    return bytes
  }
}

/// A record of TensorFlow's format: its length, the length's checksum, the data, the data's.
///
/// [TFRecord]: https://www.tensorflow.org/tutorials/load_data/tfrecord
private func eventRecord(_ data: [UInt8]) -> [UInt8] {
  let length = littleEndian(UInt64(data.count))
  return length + littleEndian(maskedChecksum(length)) + data + littleEndian(maskedChecksum(data))
}

/// A checksum that is itself part of checked data should not look like one.
private func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
  let crc = castagnoli(bytes)
  return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
}

/// CRC-32C: Castagnoli's polynomial, reflected.
func castagnoli(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { crc, byte in
    castagnoliTable[Int((crc ^ UInt32(byte)) & 255)] ^ crc >> 8
  }
}

private let castagnoliTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
}

/// As much of Protocol Buffers as an event needs.
private struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ field: Int, _ number: Double) {
    varint(UInt64(field << 3 | 1))
    bytes += littleEndian(number.bitPattern)
  }

  mutating func append(_ field: Int, _ number: Float) {
    varint(UInt64(field << 3 | 5))
    bytes += littleEndian(number.bitPattern)
  }

  /// An `int64`.
  mutating func append(_ field: Int, _ number: Int) {
    varint(UInt64(field << 3))
    varint(UInt64(bitPattern: Int64(number)))
  }

  /// A string, or a message within.
  mutating func append(_ field: Int, _ content: [UInt8]) {
    varint(UInt64(field << 3 | 2))
    varint(UInt64(content.count))
    bytes += content
  }

  private mutating func varint(_ number: UInt64) {
    var rest = number
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

private func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}
