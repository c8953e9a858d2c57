extension TrainingHistory {
  /// The numbers as a table: a line for each step in the order in which they came, a column for each
  /// name, and nothing where there is no number. Of several at one step the last counts.
  ///
  /// ```
  /// step,loss,accuracy
  /// 1,0.5,0.875
  /// ```
  public var csv: String {
    var steps: [Int] = []
    var lines: [Int: [String]] = [:]
    for (column, point) in points {
      if lines[point.step] == nil { steps.append(point.step) }
      lines[point.step, default: Array(repeating: "", count: names.count)][column] =
        "\(point.value)"
    }
    let header = (["step"] + names.map(quoted)).joined(separator: ",")
    let rows = steps.map { (["\($0)"] + (lines[$0] ?? [])).joined(separator: ",") }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  /// Writes ``csv``; the file appears under its name only when it is complete.
  public func write(csv path: String) throws(StateFileError) {
    let file = try AtomicFile(path)
    try file.write(Array(csv.utf8))
    try file.commit()
  }

  /// A field as RFC 4180 has it.
  private func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
    let doubled = text.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + doubled.joined(separator: "\"\"") + "\""
  }
}
