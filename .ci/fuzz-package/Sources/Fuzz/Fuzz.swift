import Core
import Datasets
import Embeddings
import Foundation

/// Feeds damaged inputs to every reader of the package.
///
/// Each input follows from a seed and its number, so any of them can be had again.
@main
struct Fuzz {
  var count = 20_000
  var seed: UInt64 = 1
  var only: String?
  var first = 0
  var failurePath = "fuzz-failure"

  static let usage = """
    Usage: Fuzz [COUNT] [--seed N] [--format NAME] [--first N]

      COUNT    inputs for each format (default: 20000)
      --seed   what the inputs follow from (default: 1)
      --format the one format to read
      --first  the number of the first input; with COUNT 1, to read that one again

    """

  static func main() {
    do {
      try Fuzz(Array(CommandLine.arguments.dropFirst())).run()
    } catch {
      FileHandle.standardError.write(Data("fuzz: \(error)\n".utf8))
      exit(1)
    }
  }

  struct Failure: Error, CustomStringConvertible { let description: String }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func number<Value: FixedWidthInteger>(_ text: String?) throws -> Value {
      guard let value = text.flatMap({ Value($0) }), value >= 0 else {
        throw Failure(description: "expected a number\n" + Self.usage)
      }
      return value
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "--seed": seed = try number(rest.popFirst())
      case "--first": first = try number(rest.popFirst())
      case "--format": only = rest.popFirst()
      default: count = try number(argument)
      }
    }
  }

  func run() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let formats = try Format.all(in: scratch).filter { only == nil || $0.name == only }
    guard !formats.isEmpty else { throw Failure(description: "there is no format '\(only ?? "")'") }
    Parallel.threadCount = 1
    Watchdog.start(writingTo: failurePath)
    Watchdog.limitMemory(to: 512)
    for format in formats { try run(format, Input(in: scratch)) }
  }

  private func run(_ format: Format, _ input: Input) throws {
    for sound in format.corpus {
      // Sound for one of the readers, not for all: a table may lack a column, a file a parameter.
      input.bytes = sound
      do { try format.read(input) } catch  where Self.isClean(error) {}
    }
    let mutator = Mutator(format: format)
    let (start, salt) = (Date(), format.name.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) })
    var accepted = 0
    for index in first..<first + count {
      var generator = Generator(seed: salt, index)
      input.bytes = mutator.input(&generator)
      func place() -> String {
        "format \(format.name), seed \(seed), number \(index); it is in \(failurePath); again: "
          + ".ci/fuzz 1 --format \(format.name) --seed \(seed) --first \(index)"
      }
      Watchdog.watch(input.bytes, place())
      do {
        try format.read(input)
        accepted += 1
      } catch  where Self.isClean(error) {
      } catch {
        Watchdog.save()
        throw Failure(description: "an error of no known type: \(error): \(place())")
      }
      if (index + 1) % 16_384 == 0 { progress(format, index + 1 - first, start) }
    }
    Watchdog.rest()
    report(format, accepted, start)
  }

  /// Whether an error is one that the package documents, and can be printed.
  private static func isClean(_ error: any Error) -> Bool {
    switch error {
    case let error as StateFileError: !error.description.isEmpty
    case let error as WordFileError: !error.description.isEmpty
    case let error as DataError: error.description.contains("expected")
    case let error as OptionError: !error.message.isEmpty
    default: false
    }
  }

  private func progress(_ format: Format, _ done: Int, _ start: Date) {
    guard isatty(2) == 1 else { return }
    let rate = Double(done) / max(Date().timeIntervalSince(start), 1e-9)
    let text = "\r\(format.name): \(done) of \(count), \(Int(rate)) a second   "
    FileHandle.standardError.write(Data(text.utf8))
  }

  private func report(_ format: Format, _ accepted: Int, _ start: Date) {
    if isatty(2) == 1 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    let name = format.name.padding(toLength: 14, withPad: " ", startingAt: 0)
    let seconds = String(format: "%.1f", Date().timeIntervalSince(start))
    print(
      "\(name)\(count) inputs, \(accepted) read, \(count - accepted) refused, \(seconds) s, "
        + "\(Watchdog.peakMegabytes) MB at most")
  }
}
