import Testing

@testable import Course

private struct Sample: Subcommand {
  static let name = "sample"
  static let summary = "Shows options."
  static let discussion = "A first paragraph.\n\nA second one."
  static let examples = ["--epochs 3"]

  enum Fruit: String, CaseIterable { case apple, pear, plum }

  @Option("COUNT", "How often.", .integer(0...100)) var epochs = 7
  @Option("RATE", "How fast.", .number(above: 0)) var learningRate = 0.5
  @Option("NAME", "Which fruit.", .choice) var fruit = Fruit.pear
  @Option("FILE", "Where to.", .optional(.path)) var save: String? = nil
  @Option("NUMBER", "All that is random.", .seed) var seed: UInt64 = 1

  func run(console: Console) {}

  static func parsing(_ arguments: [String]) throws -> Sample {
    let sample = Sample()
    try OptionParser(sample, named: name).parse(arguments)
    return sample
  }
}

@Suite struct OptionTests {
  @Test func `options that are not given keep their defaults`() throws {
    let sample = try Sample.parsing([])
    #expect((sample.epochs, sample.learningRate, sample.fruit) == (7, 0.5, .pear))
    #expect(sample.save == nil)
  }

  @Test func `a value follows its option, or an equals sign`() throws {
    let arguments = ["--epochs", "3", "--learning-rate=1e-2", "--fruit", "plum", "--save=a=b"]
    let sample = try Sample.parsing(arguments)
    #expect((sample.epochs, sample.learningRate, sample.fruit) == (3, 0.01, .plum))
    #expect(sample.save == "a=b")
  }

  @Test func `the last value counts, and runs do not share values`() throws {
    #expect(try Sample.parsing(["--epochs", "3", "--epochs", "4"]).epochs == 4)
    #expect(try Sample.parsing([]).epochs == 7)
  }

  @Test(arguments: [
    (["--epoch", "3"], "there is no option '--epoch'; did you mean '--epochs'?"),
    (["--eopchs=3"], "there is no option '--eopchs'; did you mean '--epochs'?"),
    (["--learn", "3"], "there is no option '--learn'; did you mean '--learning-rate'?"),
    (["--xyz"], "there is no option '--xyz'; `course sample --help` lists the options"),
    (["--epochs"], "--epochs needs a value: a whole number from 0 to 100"),
    (["--epochs", "--seed", "1"], "--epochs needs a value: a whole number from 0 to 100"),
    (["--epochs", "3.5"], "--epochs: expected a whole number from 0 to 100, found '3.5'"),
    (["--epochs", "-1"], "--epochs: expected a whole number from 0 to 100, found '-1'"),
    (["--epochs="], "--epochs: expected a whole number from 0 to 100, found ''"),
    (["--learning-rate", "0"], "--learning-rate: expected a number above 0, found '0'"),
    (["--learning-rate", "inf"], "--learning-rate: expected a number above 0, found 'inf'"),
    (["--fruit", "fig"], "--fruit: expected apple, pear or plum, found 'fig'"),
    (["--seed", "-1"], "--seed: expected a whole number from 0 up, found '-1'"),
    (["--save", ""], "--save: expected a path, found ''"),
    (["7"], "unexpected argument '7'; `course sample --help` lists the options"),
  ])
  func `a wrong command line gives one clear line`(arguments: [String], message: String) {
    let error = #expect(throws: OptionError.self) { try Sample.parsing(arguments) }
    #expect(error?.message == message)
  }

  @Test func `help shows every option with its default`() {
    let text = HelpText.of(Sample.self)
    #expect(
      text == """
        Shows options.

        Usage: course sample [OPTIONS]

        A first paragraph.

        A second one.

        Options:
          --epochs COUNT        How often. (default: 7)
          --learning-rate RATE  How fast. (default: 0.5)
          --fruit NAME          Which fruit. (default: pear)
          --save FILE           Where to.
          --seed NUMBER         All that is random. (default: 1)
          --help                Prints this help.

        Examples:
          course sample --epochs 3

        """)
  }

  @Test func `help fits into 80 columns`() {
    let subcommands = CourseCommand.subcommands
    let texts = [HelpText.general(subcommands)] + subcommands.map { HelpText.of($0) }
    for line in texts.flatMap({ $0.split(separator: "\n") }) { #expect(line.count <= 80) }
  }

  @Test(arguments: [
    ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0),
    ("ab", "ba", 1), ("--eopchs", "--epochs", 1),
  ])
  func `the edit distance counts changes`(first: String, second: String, distance: Int) {
    #expect(editDistance(first, second) == distance)
    #expect(editDistance(second, first) == distance)
  }
}

@Suite struct DispatchTests {
  private struct Outcome {
    var status: CourseCommand.Status
    var output: String
    var error: String
  }

  private func run(_ arguments: String...) -> Outcome {
    let recorder = Recorder()
    let status = CourseCommand.run(arguments, console: recorder.console())
    return Outcome(status: status, output: recorder.output, error: recorder.complaints)
  }

  @Test func `help is printed and is no error`() {
    for result in [run(), run("--help"), run("-h"), run("help")] {
      #expect(result.status == .success)
      #expect(result.output.contains("digits"))
      #expect(result.error.isEmpty)
    }
    let own = run("digits", "--help")
    #expect(own.output == run("help", "digits").output)
    #expect(own.output.contains("--learning-rate RATE"))
  }

  @Test func `a wrong subcommand or option gives one line and status 2`() {
    let subcommand = run("digit")
    #expect(subcommand.status == .usage)
    #expect(
      subcommand.error == "course: there is no subcommand 'digit'; did you mean 'digits'?\n")
    let option = run("digits", "--epoch", "3")
    #expect(option.status == .usage)
    #expect(option.error == "course: there is no option '--epoch'; did you mean '--epochs'?\n")
    #expect(run("--epochs", "3").status == .usage)
    #expect(option.output.isEmpty)
  }

  @Test(arguments: [
    ["--load", "/nowhere/a.safetensors"], ["--save", "/nowhere/a.safetensors"],
    ["--output", "/dev/null/a"],
  ])
  func `a file that cannot be read or written gives one line and status 1`(
    arguments: [String]
  ) throws {
    try withTemporaryFolder { folder in
      let recorder = Recorder()
      let all = ["digits", "--output", folder] + arguments
      #expect(CourseCommand.run(all, console: recorder.console()) == .failure)
      #expect(recorder.complaints.split(separator: "\n").count == 1)
      #expect(recorder.complaints.hasPrefix("course: \(arguments[1].prefix(5))"))
    }
  }
}
