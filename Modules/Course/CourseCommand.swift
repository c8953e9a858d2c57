import Foundation

/// The executable `course`: one subcommand for each topic, on real data.
@main
enum CourseCommand {
  static var subcommands: [any Subcommand.Type] {
    [
      ActivationsCommand.self, PerceptronGradientsCommand.self, LagrangianCommand.self,
      ConvolutionCommand.self, AutoencoderCommand.self, DigitsCommand.self, FashionCommand.self,
      NormalizationCommand.self, DropoutCommand.self,
      OptimizersCommand.self, TaylorCommand.self, MinimumNormCommand.self,
      MixtureDensityCommand.self,
      GraphCommand.self, AttentionGraphCommand.self, VisionTransformerCommand.self,
      SkipGramCommand.self, GaussianEmbeddingsCommand.self,
      LanguageModelCommand.self, VanishingCommand.self, TruncationCommand.self,
    ]
  }

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    exit(run(arguments, console: .standard).rawValue)
  }

  /// Runs the subcommand that the arguments name.
  static func run(_ arguments: [String], console: Console) -> Status {
    do {
      try dispatch(arguments, console: console)
      return .success
    } catch let error as OptionError {
      console.complain("course: \(error.message)")
      return .usage
    } catch {
      console.complain("course: \(oneLine("\(error)"))")
      return .failure
    }
  }

  private static func dispatch(_ arguments: [String], console: Console) throws {
    guard let first = arguments.first, !["--help", "-h"].contains(first) else {
      return console.write(HelpText.general(subcommands))
    }
    if first == "help" {
      guard arguments.count > 1 else { return console.write(HelpText.general(subcommands)) }
      return console.write(HelpText.of(try subcommand(named: arguments[1])))
    }
    let type = try subcommand(named: first)
    let rest = Array(arguments.dropFirst())
    if rest.contains(where: { $0 == "--help" || $0 == "-h" }) {
      return console.write(HelpText.of(type))
    }
    let command = type.init()
    try OptionParser(command, named: type.name).parse(rest)
    try command.run(console: console)
  }

  private static func subcommand(named name: String) throws(OptionError) -> any Subcommand.Type {
    if let type = subcommands.first(where: { $0.name == name }) { return type }
    if name.hasPrefix("-") {
      throw OptionError("expected a subcommand before \(name); `course --help` lists them")
    }
    let suggestion = closest(to: name, among: subcommands.map { $0.name } + ["help"])
    throw OptionError(
      "there is no subcommand '\(name)'"
        + (suggestion.map { "; did you mean '\($0)'?" } ?? "; `course --help` lists them"))
  }

  /// A message that spreads over lines, joined into one.
  private static func oneLine(_ text: String) -> String {
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    guard let first = lines.first, lines.count > 1 else { return text }
    return first + ": " + lines.dropFirst().joined(separator: "; ")
  }

  /// What the shell learns of a run.
  enum Status: Int32 {
    case success = 0
    /// Files or data were wrong.
    case failure = 1
    /// The command line was wrong.
    case usage = 2
  }
}
