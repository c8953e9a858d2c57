import Core

extension OptionReader<[String]> {
  /// Words with commas between them.
  static var words: Self {
    OptionReader(
      expected: "words with commas between them",
      read: { text in
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map {
          $0.filter { !$0.isWhitespace }.lowercased()
        }
        return words.contains("") ? nil : words
      }, show: { $0.joined(separator: ",") })
  }
}

extension OptionReader<Double> {
  static func number(from bound: Double) -> Self {
    OptionReader(
      expected: "a number from \(bound == bound.rounded() ? "\(Int(bound))" : "\(bound)") up",
      read: { Double($0).flatMap { $0 >= bound && $0.isFinite ? $0 : nil } })
  }
}

/// Runs `body` on a number of threads, or as many as there are (`nil`).
func withThreads<Result>(_ count: Int?, _ body: () throws -> Result) rethrows -> Result {
  guard let count else { return try body() }
  let before = Parallel.threadCount
  Parallel.threadCount = count
  defer { Parallel.threadCount = before }
  return try body()
}
