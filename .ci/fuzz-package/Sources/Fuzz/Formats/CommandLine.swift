/// A command with an option of each kind.
private struct Command: Subcommand {
  enum Shape: String, CaseIterable { case round, square }

  static let name = "command"
  static let summary = "Takes every kind of option."

  @Option("N", "A count.", .integer(1...)) var epochs = 3
  @Option("N", "A count with an end.", .integer(0...9)) var digit = 3
  @Option("RATE", "A number.", .number(above: 0)) var learningRate = 0.01
  @Option("SIZE", "A number that may be 0.", .measure) var width = 1.0
  @Option("P", "A share.", .share) var dropout = 0.5
  @Option("TEXT", "Words.", .text) var prompt = "In the"
  @Option("SEED", "A seed.", .seed) var seed: UInt64 = 1
  @Option("PATH", "A place.", .path) var output = "out"
  @Option("SHAPE", "A word.", .choice) var shape = Shape.round
  @Option("N", "A count or none.", .optional(.integer(1...))) var limit: Int? = nil
  @Option("", "A switch.", .flag) var quick = false

  func run(console: Console) {}
}

extension Format {
  static var commandLine: Format {
    let lines = [
      "--epochs\n5\n--learning-rate=0.5\n--quick",
      "--seed\n18446744073709551615\n--output\n/tmp/a=b",
      "--shape=square\n--limit\n3\n--digit=9", "--epoch\n5", "--quick=\n--\n-\n-1",
    ]
    let words = [
      "--epochs", "--digit", "--learning-rate", "--seed", "--output", "--shape", "--limit",
      "--quick", "--width", "--dropout", "--prompt", "--help", "=", "\n", "--", "-", "round",
      "\u{1F989}", "é",
    ]
    return Format(name: "options", corpus: lines.map { Array($0.utf8) }, words: words) { input in
      let arguments = input.bytes.split(separator: 10, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      try OptionParser(Command(), named: "command").parse(arguments)
    }
  }
}
