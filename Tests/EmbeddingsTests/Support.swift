import Core
import Foundation
import Testing

@testable import Embeddings

/// The path of a file with these bytes, for the time of a call.
func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "apus-embeddings-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: path) }
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  return try body(path)
}

func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
  try withFile(Array(text.utf8), body)
}

/// Random vectors of the words w0, w1, …
func someVectors(_ count: Int, _ dimensions: Int, seed: UInt64 = 1) -> WordVectors {
  var generator = RandomGenerator(seed: seed)
  return WordVectors(
    words: (0..<count).map { "w\($0)" },
    vectors: .randomNormal([count, dimensions], using: &generator))
}
