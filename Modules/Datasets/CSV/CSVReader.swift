import Core

/// Reads tables of numbers from CSV files.
///
/// ```swift
/// var reader = CSVReader(hasHeader: true, labelColumn: .named("species"), labelKind: .names)
/// let flowers = try Dataset(csv: "flowers.csv", reader)
/// ```
///
/// Fields may be quoted, lines may end in LF, CRLF or CR, and empty lines are skipped. A file that
/// gzip packed is read as well. Every damage throws a ``DataError`` that names the file, the line and
/// the column. For files larger than memory, see ``CSVBatches``.
public struct CSVReader: Sendable {
  /// The column that holds the labels.
  public enum LabelColumn: Sendable, Equatable {
    /// No labels, or the first or last column.
    case none, first, last
    /// A column counted from 1, as in error messages and spreadsheets.
    case number(Int)
    /// A column that the header names.
    case named(String)
  }

  /// What the labels are.
  public enum LabelKind: Sendable, Equatable {
    /// Class numbers from 0 up to, not including, `count`.
    case classes(count: Int)
    /// Class names; classes are numbered in the order of the sorted names.
    case names
    /// Numbers to regress on.
    case numbers
  }

  /// The ASCII character between two fields.
  public var delimiter: Character
  /// Whether the first row names the columns.
  public var hasHeader: Bool
  /// Which column holds the labels.
  public var labelColumn: LabelColumn
  /// What labels are.
  public var labelKind: LabelKind
  /// The range that every feature must be in, if any.
  public var valueRange: ClosedRange<Float>?

  /// A reader of commas, with a header or without, as told.
  public init(
    delimiter: Character = ",", hasHeader: Bool = false, labelColumn: LabelColumn = .none,
    labelKind: LabelKind = .names
  ) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
    self.labelColumn = labelColumn
    self.labelKind = labelKind
  }

  /// Reads the file at `path`.
  public func read(_ path: String) throws(DataError) -> CSVTable {
    try read(bytes: try readFile(path), file: path)
  }

  /// Reads a table that is in memory.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - file: What error messages call it.
  public func read(bytes: [UInt8], file: String) throws(DataError) -> CSVTable {
    let separator = self.separator
    // A typed error does not cross the standard library's closure, a result does.
    let result: Result<CSVTable, DataError> = bytes.withUnsafeBufferPointer { buffer in
      do throws(DataError) {
        var rows = CSVTableBuilder(
          reader: self, scanner: CSVScanner(buffer, delimiter: separator, file: file))
        return .success(try rows.build())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// The byte of ``delimiter``.
  var separator: UInt8 {
    guard let separator = delimiter.asciiValue, !delimiter.isNewline, delimiter != "\"" else {
      trap("CSVReader: \(String(reflecting: delimiter)) cannot separate fields")
    }
    return separator
  }
}
