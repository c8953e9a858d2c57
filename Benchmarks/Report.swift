import Foundation

/// The table on standard output.
enum Table {
  static func header(rows: [String]) -> String {
    line("row", "threads", "median", "min", "GFLOP/s", "of peak", "GB/s", "items/s", rows)
  }

  static func line(_ result: Measurement, rows: [String]) -> String {
    line(
      result.row, "\(result.threads)", time(result.median), time(result.minimum),
      result.gflops.map { number($0) } ?? "",
      result.peakFraction.map { String(format: "%.1f %%", $0 * 100) } ?? "",
      result.gigabytesPerSecond.map { number($0) } ?? "",
      result.itemsPerSecond.map { number($0) } ?? "", rows)
  }

  private static func line(
    _ name: String, _ threads: String, _ median: String, _ minimum: String, _ gflops: String,
    _ fraction: String, _ bandwidth: String, _ items: String, _ rows: [String]
  ) -> String {
    let width = rows.map(\.count).max() ?? 0
    var text = name.padding(toLength: max(width, name.count), withPad: " ", startingAt: 0)
    let columns = [
      (threads, 8), (median, 11), (minimum, 11), (gflops, 9), (fraction, 9), (bandwidth, 8),
      (items, 11),
    ]
    for (column, width) in columns {
      text += String(repeating: " ", count: max(1, width - column.count)) + column
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  /// Three digits and a unit.
  static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-6: number(seconds * 1e9) + " ns"
    case ..<1e-3: number(seconds * 1e6) + " µs"
    case ..<1: number(seconds * 1e3) + " ms"
    default: number(seconds) + " s"
    }
  }

  private static func number(_ value: Double) -> String {
    let decimals = value >= 100 || value == 0 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
    return String(format: "%.\(decimals)f", value)
  }
}

/// Lines that leave at once, so that a reader at the other end of a pipe can wait for them.
struct Lines {
  private let handle: FileHandle

  static var standardOutput: Lines { Lines(handle: .standardOutput) }
  static var standardError: Lines { Lines(handle: .standardError) }

  private init(handle: FileHandle) { self.handle = handle }

  /// A new or emptied file.
  init(path: String) throws(Options.Failure) {
    guard
      FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw Options.Failure(message: "--json \(path): the file cannot be written") }
    self.handle = handle
  }

  func write(_ line: String) { handle.write(Data((line + "\n").utf8)) }
}
