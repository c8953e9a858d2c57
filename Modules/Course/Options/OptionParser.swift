/// What is wrong with a command line, in one line.
struct OptionError: Error, Equatable {
  let message: String
  init(_ message: String) { self.message = message }
}

/// Reads a command line into the options of a subcommand.
struct OptionParser {
  /// The options in the order of their declaration, with their names, such as `--learning-rate`.
  let options: [(name: String, option: any AnyOption)]
  private let subcommand: String

  init(_ command: any Subcommand, named subcommand: String) {
    self.subcommand = subcommand
    options = Mirror(reflecting: command).children.compactMap { child in
      // A property wrapper is stored under the property's name with an underscore before it.
      guard let option = child.value as? any AnyOption, let label = child.label else { return nil }
      return ("--" + hyphenated(label.dropFirst()), option)
    }
  }

  /// Reads `--name value` and `--name=value`. The last value of an option counts.
  func parse(_ arguments: [String]) throws(OptionError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument.count > 1 else {
        throw OptionError(
          "unexpected argument '\(argument)'; `course \(subcommand) --help` lists the options")
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name })?.option else {
        throw unknown(name)
      }
      let value: String
      if parts.count == 2 {
        value = String(parts[1])
      } else if !option.takesValue {
        value = ""
      } else if let next = rest.first, !next.hasPrefix("--") {
        value = next
        rest.removeFirst()
      } else {
        throw OptionError("\(name) needs a value: \(option.expected)")
      }
      guard option.read(value) else {
        throw OptionError("\(name): expected \(option.expected), found '\(value)'")
      }
    }
  }

  private func unknown(_ name: String) -> OptionError {
    let suggestion = closest(to: name, among: options.map(\.name) + ["--help"])
    return OptionError(
      "there is no option '\(name)'"
        + (suggestion.map { "; did you mean '\($0)'?" }
          ?? "; `course \(subcommand) --help` lists the options"))
  }
}

/// `learningRate` as `learning-rate`.
private func hyphenated(_ name: Substring) -> String {
  name.reduce(into: "") { result, character in
    result += character.isUppercase ? "-" + character.lowercased() : String(character)
  }
}
