/// The command line.
struct Options {
  var filters: [String] = []
  /// `nil`: one thread, then all.
  var threads: Int?
  var jsonPath: String?
  /// A text for the rows that learn from one; `nil`: the bundled Genesis.
  var corpus: String?
  var isQuick = false
  var action = Action.measure

  enum Action { case measure, list, serve, help }

  /// What is wrong with the command line, in one line.
  struct Failure: Error {
    let message: String
  }

  init(_ arguments: some Sequence<String>) throws(Failure) {
    var rest = Array(arguments)[...]
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let attached = argument.hasPrefix("--") && parts.count == 2 ? String(parts[1]) : nil
      let name = attached == nil ? argument : String(parts[0])
      func value(_ what: String) throws(Failure) -> String {
        if let attached { return attached }
        guard let next = rest.popFirst() else {
          throw Failure(message: "\(name) needs \(what)")
        }
        return next
      }
      switch name {
      case "--filter": filters.append(try value("a part of a row's name"))
      case "--corpus": corpus = try value("a text file")
      case "--json": jsonPath = try value("a file to write")
      case "--threads":
        let text = try value("a number of threads")
        guard let count = Int(text), (1...1024).contains(count) else {
          throw Failure(message: "--threads \(text): not a number from 1 to 1024")
        }
        threads = count
      case "--quick" where attached == nil: isQuick = true
      case "--list" where attached == nil: action = .list
      case "--serve" where attached == nil: action = .serve
      case "--help" where attached == nil, "-h": action = .help
      default: throw Failure(message: "unknown option \(argument); --help lists the options")
      }
      if action == .help { return }
    }
  }

  func selects(_ row: Row) -> Bool {
    filters.isEmpty || filters.contains { row.name.contains($0) }
  }

  static let help = """
    Measures the machine's peak and bandwidth, then the speed of Apus as fractions of them.

    usage: swift run -c release Benchmarks [options]

      --filter TEXT   only rows whose names contain TEXT; may be repeated
      --threads N     at N threads, instead of at one and at all
      --corpus FILE   the text that word vectors are learnt from, instead of the bundled Genesis
      --json FILE     write one JSON object a line for each result as well
      --quick         shorter samples: rough figures, soon
      --list          print the names of the rows and stop
      --serve         measure each row whose name comes on standard input, answer with a JSON
                      object on a line each (this is how compare/compare.py alternates)
      --help          print this

    The table gives, for one call of each row, the median and the least time over all samples, the
    rate of floating-point operations and its share of the FMA peak timed between the samples, the
    rate of the bytes that have to move at least, and examples a second. Benchmarks/compare/README.md
    tells how to run the same rows in PyTorch, JAX and NumPy.
    """
}
