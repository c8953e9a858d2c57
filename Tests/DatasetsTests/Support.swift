import Foundation
import Testing

@testable import Datasets

/// Runs `body` with the path of a file that holds `bytes` and is removed afterwards.
func withFile<Result>(
  _ bytes: [UInt8], _ ending: String = "data", _ body: (String) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    let path = folder + "/file." + ending
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }
}

/// Runs `body` with the path of an empty folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "datasets-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

func decoded(_ base64: String) -> [UInt8] { Data(base64Encoded: base64).map([UInt8].init) ?? [] }

/// Bytes that come in pieces of at most `piece`.
final class ChoppedSource: ByteSource {
  let name = "chopped"
  private let bytes: [UInt8]
  private let piece: Int
  private(set) var position = 0

  init(_ bytes: [UInt8], piece: Int) {
    self.bytes = bytes
    self.piece = piece
  }

  var byteLimit: Int { bytes.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let count = min(buffer.count, piece, bytes.count - position)
    buffer.copyBytes(from: bytes[position..<position + count])
    position += count
    return count
  }
}

/// Hands every cut and every changed byte of `bytes` to `read`, which must give a value or a
/// `DataError`; says which of them gave a value.
func damages(
  _ bytes: [UInt8], _ read: ([UInt8]) throws -> Void
) throws -> (cuts: [Int], changes: Set<Int>) {
  func survives(_ damaged: [UInt8]) throws -> Bool {
    do {
      try read(damaged)
      return true
    } catch let error as DataError {
      if case .offset(let offset) = error.place {
        #expect(offset >= 0, "\(error)")
      }
      return false
    }
  }
  let cuts = try bytes.indices.filter { try survives(Array(bytes[..<$0])) }
  var changes: Set<Int> = []
  for index in bytes.indices {
    for mask in [0x01, 0x80, 0xFF] as [UInt8] {
      var damaged = bytes
      damaged[index] ^= mask
      if try survives(damaged) { changes.insert(index) }
    }
  }
  return (cuts, changes)
}
