/// The lines of a text file as the numbers of their tokens, for files larger than memory.
///
/// ```swift
/// let lines = try EncodedLines("corpus.txt", with: vocabulary, cutBy: WordTokenizer())
/// while let numbers = try lines.next() { … }
/// ```
///
/// A token that the vocabulary lacks becomes its unknown one, or is left out where it has none.
public final class EncodedLines<Cut: Tokenizer>: DataStream {
  private let lines: TextLines
  private let vocabulary: Vocabulary
  private let tokenizer: Cut

  /// Opens the file at `path`, packed by gzip or not.
  ///
  /// - Parameters:
  ///   - path: The file, as ``TextLines`` reads it.
  ///   - longest: The most bytes that a line may have.
  /// - Throws: ``DataError`` when there is no such file.
  public init(
    _ path: String, with vocabulary: Vocabulary, cutBy tokenizer: Cut,
    longestLine longest: Int = 1 << 24
  ) throws(DataError) {
    lines = try TextLines(path, longestLine: longest)
    self.vocabulary = vocabulary
    self.tokenizer = tokenizer
  }

  /// The numbers of the next line, none perhaps; `nil` at the end.
  ///
  /// - Throws: ``DataError`` as ``TextLines/next()`` does.
  public func next() throws(DataError) -> [Int]? {
    guard let line = try lines.next() else { return nil }
    return tokenizer.tokens(of: line).compactMap { vocabulary[$0] }
  }
}
