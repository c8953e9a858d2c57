/// One thing that `course` does.
///
/// A subcommand declares its options as properties, and ``run(console:)`` reads them:
///
/// ```swift
/// struct CountCommand: Subcommand {
///   static let name = "count"
///   static let summary = "Counts."
///   @Option("N", "How far.", .integer(1...)) var limit = 3
///
///   func run(console: Console) throws {
///     for number in 1...limit { console.write("\(number)\n") }
///   }
/// }
/// ```
protocol Subcommand {
  /// The word that selects it.
  static var name: String { get }
  /// One line for the list of subcommands.
  static var summary: String { get }
  /// Paragraphs for its own help, after the summary.
  static var discussion: String { get }
  /// Command lines for its own help, without `course` and its name.
  static var examples: [String] { get }

  init()
  func run(console: Console) throws
}

extension Subcommand {
  static var discussion: String { "" }
  static var examples: [String] { [] }
}
