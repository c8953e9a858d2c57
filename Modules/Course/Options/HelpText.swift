import Foundation

/// What `--help` prints.
enum HelpText {
  private static let width = 80

  static func general(_ subcommands: [any Subcommand.Type]) -> String {
    let rows = subcommands.map { ("  " + $0.name, $0.summary) } + [("  help", "Prints this help.")]
    return """
      Trains the networks of the course on real data, with Apus.

      Usage: course SUBCOMMAND [OPTIONS]

      Subcommands:
      \(table(rows))

      `course SUBCOMMAND --help` explains a subcommand and its options.

      """
  }

  static func of(_ type: any Subcommand.Type) -> String {
    let options = OptionParser(type.init(), named: type.name).options
    let rows =
      options.map { name, option in
        let initial = option.defaultText.map { " (default: \($0))" } ?? ""
        return (
          option.takesValue ? "  \(name) \(option.placeholder)" : "  \(name)", option.help + initial
        )
      } + [("  --help", "Prints this help.")]
    var text = wrapped(type.summary) + "\n\nUsage: course \(type.name) [OPTIONS]\n"
    if !type.discussion.isEmpty {
      let paragraphs = type.discussion.components(separatedBy: "\n\n")
      text += "\n" + paragraphs.map { wrapped($0) }.joined(separator: "\n\n") + "\n"
    }
    text += "\nOptions:\n" + table(rows) + "\n"
    if !type.examples.isEmpty {
      text += "\nExamples:\n"
      text += type.examples.map { "  course \(type.name) \($0)\n" }.joined()
    }
    return text
  }

  /// Two columns, the second one wrapped.
  private static func table(_ rows: [(String, String)]) -> String {
    let indent = (rows.map(\.0.count).max() ?? 0) + 2
    return rows.map { first, second in
      first + String(repeating: " ", count: indent - first.count)
        + wrapped(second, indent: indent)
    }.joined(separator: "\n")
  }

  private static func wrapped(_ text: String, indent: Int = 0) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}
