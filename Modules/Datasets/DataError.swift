/// What is wrong with a data file, and where.
///
/// ```
/// flowers.csv, line 12, column 3: expected a number, found "n/a"
/// ```
public struct DataError: Error, Equatable, Sendable {
  /// The kinds of damage, for programs that treat them differently.
  public enum Kind: Sendable {
    /// The file does not exist or cannot be read.
    case unreadable
    /// There is no row of data.
    case empty
    /// The bytes break the format's own rules, for instance an unclosed quotation mark.
    case malformed
    /// A row has more or fewer fields than the rows before it.
    case ragged
    /// A field is no number.
    case notANumber
    /// A number is infinite, not a number, or too large for `float32`.
    case notFinite
    /// A number is outside the range that the reader was told.
    case outOfRange
    /// A label is no class.
    case badLabel
    /// The column asked for does not exist.
    case missingColumn
    /// The data end before all that was promised came.
    case truncated
    /// There is more data than was promised.
    case trailing
    /// The data are not those that their checksum was made of.
    case checksum
    /// The file is sound, as far as it goes, but of a kind that is not read here.
    case unsupported
    /// Two files that belong together do not fit each other.
    case mismatched
    /// The file cannot be written.
    case unwritable
  }

  /// Where in the file the damage is.
  public enum Place: Equatable, Sendable {
    /// The file as a whole.
    case file
    /// A line of a text file, and the column (the number of the field) in it; both count from 1.
    case line(Int, column: Int?)
    /// An offset in bytes into a binary file.
    case offset(Int)
  }

  /// What kind of damage it is.
  public let kind: Kind
  /// The path or the name of the data.
  public let file: String
  /// Where the damage is.
  public let place: Place
  /// What should have been there.
  public let expected: String
  /// What was there.
  public let found: String

  /// What was found where something else was expected.
  public init(_ kind: Kind, file: String, at place: Place, expected: String, found: String) {
    self.kind = kind
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found
  }
}

extension DataError: CustomStringConvertible {
  public var description: String {
    let location =
      switch place {
      case .file: file
      case .line(let line, nil): "\(file), line \(line)"
      case .line(let line, let column?): "\(file), line \(line), column \(column)"
      case .offset(let offset): "\(file), byte \(offset)"
      }
    return "\(location): expected \(expected), found \(found)"
  }
}
