import Foundation

/// Where a subcommand writes to.
struct Console: Sendable {
  /// Writes text as it stands to the standard output.
  let write: @Sendable (String) -> Void
  /// Writes a line to the standard error.
  let complain: @Sendable (String) -> Void
  /// The width of the terminal in columns; `nil` when the output is no terminal.
  let terminalWidth: Int?

  static let standard = Console(
    write: { FileHandle.standardOutput.write(Data($0.utf8)) },
    complain: { FileHandle.standardError.write(Data(($0 + "\n").utf8)) },
    terminalWidth: widthOfTerminal())

  private static func widthOfTerminal() -> Int? {
    let environment = ProcessInfo.processInfo.environment
    guard isatty(STDOUT_FILENO) != 0, environment["TERM"] != "dumb" else { return nil }
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }
}
