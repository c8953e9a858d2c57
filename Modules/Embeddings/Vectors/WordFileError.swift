/// What is wrong with a file of word vectors or judged pairs, and where.
///
/// ```
/// vectors.txt, line 12: expected 100 numbers after a word, found 99
/// ```
public struct WordFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where in the file.
  public enum Place: Equatable, Sendable {
    /// The file as a whole.
    case file
    /// From 1.
    case line(Int)
    /// In bytes from the start.
    case offset(Int)
  }

  /// The file.
  public let path: String
  /// Where in it.
  public let place: Place
  /// What should be there.
  public let expected: String
  /// What is there.
  public let found: String

  public var description: String {
    let location =
      switch place {
      case .file: path
      case .line(let line): "\(path), line \(line)"
      case .offset(let offset): "\(path), byte \(offset)"
      }
    return "\(location): expected \(expected), found \(found)"
  }
}
