extension ConvolutionMatrix: CustomStringConvertible {
  /// The matrix in letters: `w1`, `w2`, … for the elements of the weight, counted from 1 row by row,
  /// and `0`.
  public func symbols(named weight: String = "w") -> [[String]] {
    var result = Array(repeating: Array(repeating: "0", count: columns), count: rows)
    for entry in entries { result[entry.row][entry.column] = "\(weight)\(entry.tap + 1)" }
    return result
  }

  /// z = w x written out: for each output the sum of its products, as in `w1·x1 + w2·x2`.
  public func productSymbols(weight: String = "w", input: String = "x") -> [String] {
    sums(of: \.row, count: rows) { "\(weight)\($0.tap + 1)·\(input)\($0.column + 1)" }
  }

  /// y = wᵀ z written out: for each input the sum of its products, as in `w1·z1`.
  public func transposedProductSymbols(weight: String = "w", code: String = "z") -> [String] {
    sums(of: \.column, count: columns) { "\(weight)\($0.tap + 1)·\(code)\($0.row + 1)" }
  }

  private func sums(
    of part: KeyPath<Entry, Int>, count: Int, _ symbol: (Entry) -> String
  ) -> [String] {
    var terms = Array(repeating: [String](), count: count)
    for entry in entries { terms[entry[keyPath: part]].append(symbol(entry)) }
    return terms.map { $0.isEmpty ? "0" : $0.joined(separator: " + ") }
  }

  /// The matrix in letters, a line for each row, in columns.
  public var description: String {
    let symbols = symbols()
    let width = symbols.joined().map(\.count).max() ?? 0
    return symbols.map { row in
      row.map { $0 + String(repeating: " ", count: width - $0.count) }.joined(separator: " ")
    }.joined(separator: "\n")
  }
}
