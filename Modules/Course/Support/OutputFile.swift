import Core
import Foundation

/// What went wrong with a file that a subcommand writes.
struct OutputError: Error, CustomStringConvertible {
  let description: String

  /// What the system says was wrong with its last call.
  static func system(_ path: String, _ operation: String) -> OutputError {
    OutputError(description: "\(path): cannot \(operation): \(String(cString: strerror(errno)))")
  }
}

/// The files that a subcommand leaves behind.
enum OutputFile {
  /// Writes a file that appears under its name only when it is complete.
  static func write(_ text: String, to path: String) throws {
    let file = try AtomicFile(path)
    try file.write(Array(text.utf8))
    try file.commit()
  }

  /// Makes a folder, and those around it, unless it is there.
  static func makeFolder(_ path: String) throws(OutputError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw OutputError(description: "\(path): cannot make this folder")
    }
    try checkFolder(path)
  }

  /// Makes sure, before a long training, that a file can be put at `path` after it.
  static func checkWritable(_ path: String) throws(OutputError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw OutputError(description: "\(path): cannot write a file here: it is a folder")
    }
    let folder = (path as NSString).deletingLastPathComponent
    try checkFolder(folder.isEmpty ? "." : folder)
  }

  private static func checkFolder(_ path: String) throws(OutputError) {
    guard access(path, W_OK | X_OK) == 0 else { throw .system(path, "write into this folder") }
  }

  /// The path of a file in a folder.
  static func path(_ folder: String, _ name: String) -> String {
    (folder as NSString).appendingPathComponent(name)
  }
}
