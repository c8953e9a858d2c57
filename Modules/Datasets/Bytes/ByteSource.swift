/// Bytes that come in order, a stretch at a time: a file, memory, or what a compressed one unpacks
/// to.
protocol ByteSource: AnyObject {
  /// What error messages call the bytes.
  var name: String { get }
  /// How many bytes were handed out so far.
  var position: Int { get }
  /// No more bytes than these can come, all in all. What a header promises is held against it
  /// before anything is allocated.
  var byteLimit: Int { get }
  /// Writes the next bytes to the start of `buffer`, which is not empty; 0 of them mean the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int
}

extension ByteSource {
  /// Fills `buffer` as far as there are bytes; returns how many there were.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// The next `count` bytes. Memory grows as bytes come, so that a false promise costs little.
  func bytes(
    _ count: Int, of content: @autoclosure () -> String
  ) throws(DataError) -> [UInt8] {
    guard count <= byteLimit - position else {
      throw ended(within: content(), missing: count - (byteLimit - position), at: byteLimit)
    }
    var result: [UInt8] = []
    while result.count < count {
      let piece = min(count - result.count, max(result.count, 1 << 16))
      if try append(piece, to: &result) < piece {
        throw ended(within: content(), missing: count - result.count)
      }
    }
    return result
  }

  /// All bytes that are left, or, where they are more than `limit`, some more than that.
  func rest(limit: Int = .max) throws(DataError) -> [UInt8] {
    var result: [UInt8] = []
    while result.count <= limit {
      let piece = max(1, min(max(result.count, 1 << 16), byteLimit - position))
      if try append(piece, to: &result) < piece { break }
    }
    return result
  }

  /// The next bytes, at most `count`, and none only at the end.
  func stretch(of count: Int) throws(DataError) -> [UInt8] {
    var result: [UInt8] = []
    _ = try append(count, to: &result)
    return result
  }

  /// Appends `count` bytes, or as many as there are; returns how many.
  private func append(_ count: Int, to bytes: inout [UInt8]) throws(DataError) -> Int {
    let start = bytes.count
    bytes.append(contentsOf: [UInt8](repeating: 0, count: count))
    let filled = try bytes.withUnsafeMutableBufferPointer { buffer throws(DataError) -> Int in
      try fill(
        UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[start...])))
    }
    bytes.removeLast(count - filled)
    return filled
  }

  /// Throws unless all bytes were read.
  func requireEnd(after content: @autoclosure () -> String) throws(DataError) {
    var byte: UInt8 = 0
    let end = position
    let count = try withUnsafeMutableBytes(of: &byte) { bytes throws(DataError) -> Int in
      try read(into: bytes)
    }
    if count > 0 {
      throw DataError(
        .trailing, file: name, at: .offset(end), expected: "the end after \(content())",
        found: "more bytes")
    }
  }

  private func ended(within content: String, missing: Int, at end: Int? = nil) -> DataError {
    DataError(
      .truncated, file: name, at: .offset(end ?? position),
      expected: "\(content), \(missing) more \(missing == 1 ? "byte" : "bytes")",
      found: "the end")
  }
}

/// Bytes that are in memory.
final class MemorySource: ByteSource {
  let name: String
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
  }

  var byteLimit: Int { bytes.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let count = min(buffer.count, bytes.count - position)
    buffer.copyBytes(from: bytes[position..<position + count])
    position += count
    return count
  }
}
