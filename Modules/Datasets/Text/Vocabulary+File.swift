extension Vocabulary {
  private static let heading = "apus vocabulary 1"

  /// Writes the vocabulary to a file, which appears under its name only when it is complete.
  ///
  /// It is text to read: a heading with the number of the unknown token, or `-`, then a token and
  /// its count a line. In tokens a backslash comes before `n`, `r` and `t`, which stand for a line
  /// feed, a carriage return and a tabulator, and before a backslash.
  ///
  /// - Throws: ``DataError`` when the file cannot be written.
  public func save(to path: String) throws(DataError) {
    var text = "\(Self.heading)\t\(unknown.map(String.init) ?? "-")\n"
    for (token, count) in zip(tokens, counts) { text += "\(Self.escaped(token))\t\(count)\n" }
    try writeFile(Array(text.utf8), to: path)
  }

  /// Reads a vocabulary that ``save(to:)`` wrote.
  ///
  /// - Throws: ``DataError`` with the line when the file is no such one or is damaged.
  public init(_ path: String) throws(DataError) {
    let lines = try TextLines(path)
    func damage(_ line: Int, _ expected: String, _ found: String) -> DataError {
      DataError(
        .malformed, file: path, at: .line(line, column: nil), expected: expected, found: found)
    }
    let first = try lines.next() ?? ""
    let parts = Self.fields(first)
    guard parts.count == 2, parts[0] == Self.heading, parts[1] == "-" || Int(parts[1]) != nil else {
      throw damage(
        1, "\"\(Self.heading)\", a tabulator, and a number or -", "\"\(first.prefix(40))\"")
    }
    var tokens: [String] = []
    var counts: [Int] = []
    var known: Set<String> = []
    while let line = try lines.next() {
      let number = tokens.count + 2
      let fields = Self.fields(line)
      guard fields.count == 2, let token = Self.unescaped(fields[0]),
        let count = Int(fields[1]), count >= 0
      else {
        throw damage(number, "a token, a tabulator and a count", "\"\(line.prefix(40))\"")
      }
      guard known.insert(token).inserted else {
        throw damage(number, "a new token", "\"\(token.prefix(40))\" again")
      }
      tokens.append(token)
      counts.append(count)
    }
    let unknown = Int(parts[1])
    guard unknown.map(tokens.indices.contains) ?? true else {
      throw damage(1, "the number of a token below \(tokens.count)", String(parts[1]))
    }
    self.init(tokens: tokens, counts: counts, unknown: unknown)
  }

  // A tabulator may begin a character of several scalars, so lines are cut by scalars.
  private static func fields(_ line: String) -> [String] {
    line.unicodeScalars.split(separator: "\t", omittingEmptySubsequences: false)
      .map { String(String.UnicodeScalarView($0)) }
  }

  private static func escaped(_ token: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in token.unicodeScalars {
      switch scalar {
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func unescaped(_ text: String) -> String? {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        switch scalar {
        case "n": result.append("\n")
        case "r": result.append("\r")
        case "t": result.append("\t")
        case "\\": result.append("\\")
        default: return nil
        }
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.append(scalar)
      }
    }
    return isEscaped ? nil : String(result)
  }
}
