extension ModelSummary: CustomStringConvertible {
  /// The rows as a table, with the totals below.
  ///
  /// ```
  /// layer          output              parameters   multiply-adds
  /// first   Dense  [1, 128]                 8,320           8,192
  /// ```
  public var description: String {
    let lines = rows.map { row in
      [
        row.name, row.kind, row.outputs.map(\.description).joined(separator: " "),
        grouped(row.parameterCount)
          + (row.sharedCount > 0 ? " + \(grouped(row.sharedCount)) shared" : ""),
        grouped(row.multiplyAdds),
      ]
    }
    let total = ["total", "", "", grouped(parameterCount), grouped(multiplyAdds)]
    let header = ["layer", "", "output", "parameters", "multiply-adds"]
    let all = [header] + lines + [total]
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    func text(_ cells: [String]) -> String {
      var line = ""
      for (column, cell) in cells.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += column < 3 ? cell + space : space + cell
        line += column == cells.count - 1 ? "" : "  "
      }
      return line
    }
    let rule = String(repeating: "─", count: text(header).count)
    var result = [text(header), rule] + lines.map(text) + [rule, text(total)]
    if frozenCount > 0 { result.append("frozen: \(grouped(frozenCount))") }
    if bufferCount > 0 { result.append("buffers: \(grouped(bufferCount))") }
    return result.joined(separator: "\n")
  }
}

/// A whole number with its thousands set apart: 48,210.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number))
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "," }
    result.append(digit)
  }
  return result
}
