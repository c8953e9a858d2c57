import Core
import Foundation

@main
enum Program {
  static func main() {
    do throws(Options.Failure) {
      let options = try Options(CommandLine.arguments.dropFirst())
      switch options.action {
      case .help: print(Options.help)
      case .list: for row in try selected(options) { print(row.name) }
      case .serve: serve(options)
      case .measure: try measure(options)
      }
    } catch {
      Lines.standardError.write("Benchmarks: \(error.message)")
      exit(2)
    }
  }

  private static func selected(_ options: Options) throws(Options.Failure) -> [Row] {
    let rows = Catalogue.rows.filter(options.selects)
    if rows.isEmpty {
      throw Options.Failure(message: "no row contains the filter; --list prints the names")
    }
    return rows
  }

  private static func measure(_ options: Options) throws(Options.Failure) {
    let rows = try selected(options)
    let names = rows.map(\.name)
    let file = try options.jsonPath.map(Lines.init(path:))
    let harness = options.isQuick ? Harness.quick : .thorough
    let threadCounts = options.threads.map { [$0] } ?? Set([1, Parallel.threadCount]).sorted()
    let table = Lines.standardOutput
    table.write(Table.header(rows: names))
    for row in rows {
      let operation = prepared(row)
      for threads in threadCounts {
        Parallel.threadCount = threads
        let result = harness.measure(row, operation)
        table.write(Table.line(result, rows: names))
        file?.write(result.json)
      }
    }
  }

  /// Answers each name on standard input; keeps the last row's inputs, which is asked for again in
  /// the next round.
  private static func serve(_ options: Options) {
    if let threads = options.threads { Parallel.threadCount = threads }
    let harness = options.isQuick ? Harness.quick : .thorough
    let rows = Dictionary(uniqueKeysWithValues: Catalogue.rows.map { ($0.name, $0) })
    var last: (name: String, operation: Row.Operation)?
    while let name = readLine() {
      guard let row = rows[name] else {
        Lines.standardOutput.write("{\"row\": null}")
        continue
      }
      if last?.name != name {
        last = nil
        last = (name, prepared(row))
      }
      Lines.standardOutput.write(harness.measure(row, last!.operation).json)
    }
  }

  private static func prepared(_ row: Row) -> Row.Operation {
    withRandom(seed: 7) { row.prepare() }
  }
}
