import Foundation

/// A folder in memory where the system has one, for readers that want a path.
final class Scratch {
  let folder: String

  init() throws {
    let shared = "/dev/shm"
    let base = FileManager.default.isWritableFile(atPath: shared) ? shared : NSTemporaryDirectory()
    folder = base + "/apus-fuzz-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  /// The bytes that a writer writes.
  func bytes(named name: String, _ write: (String) throws -> Void) throws -> [UInt8] {
    let path = path(name)
    try write(path)
    defer { unlink(path) }
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

/// Bytes for one reading.
final class Input {
  var bytes: [UInt8] = []
  private let scratch: Scratch

  init(in scratch: Scratch) { self.scratch = scratch }

  /// A file that holds the bytes now.
  func file() -> String {
    let path = scratch.path("input")
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count,
      close(descriptor) == 0
    else { fatalError("cannot write \(path)") }
    return path
  }
}
