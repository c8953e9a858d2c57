/// An option of a subcommand: declared once, with its value's placeholder, its help, its reader and
/// its default.
///
/// ```swift
/// @Option("RATE", "The size of a step.", .number(above: 0)) var learningRate = 0.01
/// ```
///
/// The property's name gives the option's: `learningRate` is `--learning-rate`.
@propertyWrapper
final class Option<Value> {
  var wrappedValue: Value
  let placeholder: String
  let help: String
  let defaultText: String?
  private let reader: OptionReader<Value>

  init(
    wrappedValue: Value, _ placeholder: String, _ help: String, _ reader: OptionReader<Value>,
    default defaultText: String? = nil
  ) {
    self.wrappedValue = wrappedValue
    self.placeholder = placeholder
    self.help = help
    self.reader = reader
    self.defaultText = defaultText ?? reader.show(wrappedValue)
  }
}

/// What the parser needs of an option, whatever its value.
protocol AnyOption: AnyObject {
  var placeholder: String { get }
  var help: String { get }
  /// The default as help shows it, if it is worth showing.
  var defaultText: String? { get }
  /// What a value must be, for error messages.
  var expected: String { get }
  /// Whether a value follows.
  var takesValue: Bool { get }
  /// Reads a value; `false` when it is not what is expected.
  func read(_ text: String) -> Bool
}

extension Option: AnyOption {
  var expected: String { reader.expected }
  var takesValue: Bool { reader.takesValue }

  func read(_ text: String) -> Bool {
    guard let value = reader.read(text) else { return false }
    wrappedValue = value
    return true
  }
}
