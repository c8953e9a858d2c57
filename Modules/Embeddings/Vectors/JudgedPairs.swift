import Core

/// Pairs of words whose likeness people have judged, to hold vectors against.
///
/// ```swift
/// let judged = try JudgedPairs("wordsim353.tsv")
/// let agreement = judged.agreement(with: vectors)
/// print(agreement.spearman, agreement.pearson, agreement.missing)
/// ```
public struct JudgedPairs: Sendable, Equatable {
  /// Two words and how alike people found them.
  public struct Pair: Sendable, Equatable {
    /// The first word.
    public let first: String
    /// The second word.
    public let second: String
    /// The people's judgement.
    public let score: Double

    /// A judged pair.
    public init(_ first: String, _ second: String, _ score: Double) {
      (self.first, self.second, self.score) = (first, second, score)
    }
  }

  /// The pairs.
  public var pairs: [Pair]

  /// These pairs.
  public init(_ pairs: [Pair]) { self.pairs = pairs }

  /// Reads a file with two words and a number a line, separated by tabulators, commas, semicolons or
  /// spaces; what follows is passed over, as are empty lines, lines that begin with `#`, and a first
  /// line without a number.
  ///
  /// - Throws: ``WordFileError`` with the line that is none of these.
  public init(_ path: String) throws(WordFileError) {
    var file = try WordFile(path)
    pairs = []
    var line = 0
    while !file.isAtEnd {
      line += 1
      func damage(_ found: String) -> WordFileError {
        WordFileError(
          path: path, place: .line(line), expected: "two words and a finite number", found: found)
      }
      guard let bytes = try file.bytes(before: 10, limit: 1 << 16, endSeparates: true),
        let text = validText(bytes)
      else { throw damage("no such line of text") }
      let fields = Self.fields(text)
      if fields.isEmpty || text.hasPrefix("#") { continue }
      guard fields.count >= 3, let score = Double(fields[2]), score.isFinite else {
        if line == 1, fields.count >= 3 { continue }
        throw damage(String(reflecting: String(text.prefix(40))))
      }
      pairs.append(Pair(fields[0], fields[1], score))
    }
    if pairs.isEmpty {
      throw WordFileError(path: path, place: .file, expected: "judged pairs", found: "none")
    }
  }

  /// Spaces separate only where nothing else does: a heading may have them in a field.
  private static func fields(_ text: String) -> [String] {
    for separator in ["\t", ";", ","] as [Character] where text.contains(separator) {
      return text.split(separator: separator, omittingEmptySubsequences: false).map {
        String($0.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
      }
    }
    return text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// How well vectors agree with the judges.
  public struct Agreement: Sendable, Equatable {
    /// The correlation of ranks, which asks for the right order alone; NaN when fewer than two pairs
    /// are known or all are alike.
    public let spearman: Double
    /// The correlation of the numbers themselves.
    public let pearson: Double
    /// Pairs with both words known; the correlations are over these.
    public let known: Int
    /// Pairs with a word that has no vector.
    public let missing: Int
  }

  /// The correlations of the cosines of known pairs with the judges' scores.
  public func agreement(with vectors: WordVectors) -> Agreement {
    let known = pairs.filter {
      vectors.index(of: $0.first) != nil && vectors.index(of: $0.second) != nil
    }
    // All words are known.
    let cosines =
      known.isEmpty ? [] : try! vectors.similarities(known.map { ($0.first, $0.second) })
    let scores = known.map(\.score)
    return Agreement(
      spearman: correlation(ranks(cosines), ranks(scores)), pearson: correlation(cosines, scores),
      known: known.count, missing: pairs.count - known.count)
  }
}

/// The correlation of two lists, Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²).
func correlation(_ x: [Double], _ y: [Double]) -> Double {
  let count = Double(x.count)
  let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (a, b) in zip(x, y) {
    xx += (a - meanX) * (a - meanX)
    yy += (b - meanY) * (b - meanY)
    xy += (a - meanX) * (b - meanY)
  }
  return xy / (xx * yy).squareRoot()
}

/// Each number's rank from 1; equal numbers share the mean of theirs.
func ranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var result = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for position in start..<end { result[order[position]] = Double(start + end + 1) / 2 }
    start = end
  }
  return result
}
