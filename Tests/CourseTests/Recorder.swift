import Foundation
import Synchronization

@testable import Course

/// A console that keeps what is written to it.
final class Recorder: Sendable {
  private let text = Mutex("")
  private let errors = Mutex("")

  var output: String { text.withLock { $0 } }
  var complaints: String { errors.withLock { $0 } }
  var lines: [String] { output.split(separator: "\n").map(String.init) }

  func console(terminalWidth: Int? = nil) -> Console {
    Console(
      write: { [self] part in text.withLock { $0 += part } },
      complain: { [self] line in errors.withLock { $0 += line + "\n" } },
      terminalWidth: terminalWidth)
  }
}

/// Runs `body` with the path of an empty folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "course-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
