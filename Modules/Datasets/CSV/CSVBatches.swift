import Core

/// The batches of a CSV file, read row by row, for files larger than memory.
///
/// ```swift
/// let batches = try CSVBatches("flights.csv", of: 256, CSVReader(labelColumn: .last))
/// while let batch = try batches.next() { … }
/// ```
///
/// The batches hold the rows in the order of the file, and are those that ``Dataset`` would give for
/// the whole file. Class names are numbered in the order of the sorted names as well, for which a
/// reader with ``CSVReader/LabelKind/names`` first goes over the file once. Make another one for
/// another epoch.
public final class CSVBatches: DataStream {
  private var rows: CSVRows
  private let size: Int
  private let classNames: [String]
  private var isEmpty = true

  /// - Parameters:
  ///   - path: The file, packed by gzip or not.
  ///   - size: Rows in a batch; the last batch has what is left.
  ///   - reader: How to read it.
  /// - Throws: ``DataError`` when there is no such file; damage is found when it is reached.
  public convenience init(
    _ path: String, of size: Int, _ reader: CSVReader = CSVReader(labelColumn: .last)
  ) throws(DataError) {
    try self.init(path, of: size, reader, stretch: 1 << 18)
  }

  /// - Parameter stretch: Bytes to read at once.
  init(_ path: String, of size: Int, _ reader: CSVReader, stretch: Int) throws(DataError) {
    require(size > 0, "CSVBatches: the size \(size) is not positive")
    self.size = size
    var classNames: [String] = []
    if reader.labelColumn != .none, reader.labelKind == .names {
      var survey = try CSVRows(path, reader, [], stretch)
      while try survey.read(upTo: 4096) > 0 { _ = survey.builder.takeTable() }
      classNames = survey.builder.classNames.sorted()
    }
    self.classNames = classNames
    rows = try CSVRows(path, reader, classNames, stretch)
  }

  public func next() throws(DataError) -> Dataset? {
    guard try rows.read(upTo: size) > 0 else {
      if isEmpty { throw rows.builder.emptyFile() }
      return nil
    }
    isEmpty = false
    guard rows.builder.classNames.count == classNames.count else {
      throw DataError(
        .mismatched, file: rows.path, at: .line(rows.builder.scanner.line, column: nil),
        expected: "the \(classNames.count) class names that it held when it was opened",
        found: "\"\(rows.builder.classNames.last ?? "")\" as well")
    }
    return Dataset(rows.builder.takeTable())
  }
}

/// Reads a CSV file a stretch at a time, and hands whole rows to a builder.
private struct CSVRows {
  let path: String
  var builder: CSVTableBuilder
  private let source: any ByteSource
  private let stretch: Int
  private let delimiter: UInt8
  private var borders: CSVRowBorders
  /// What the builder's scanner reads, and behind it the start of a row whose end is still to come.
  private var buffer: CSVBuffer
  private var wholeRows = 0
  private var isAtEnd = false

  /// A row that is longer than this is taken for an unclosed quotation mark.
  private static let longestRow = 1 << 26

  init(
    _ path: String, _ reader: CSVReader, _ classNames: [String], _ stretch: Int
  ) throws(DataError) {
    self.path = path
    source = try openUnpacked(path)
    self.stretch = stretch
    delimiter = reader.separator
    borders = CSVRowBorders(delimiter: delimiter)
    buffer = CSVBuffer()
    builder = CSVTableBuilder(
      reader: reader,
      scanner: CSVScanner(
        UnsafeBufferPointer(start: nil, count: 0), delimiter: delimiter, file: path),
      classNames: classNames)
  }

  /// Reads rows until the builder has `limit`; returns how many it has.
  mutating func read(upTo limit: Int) throws(DataError) -> Int {
    while try !builder.readRows(upTo: limit) {
      guard try advance() else { break }
    }
    return builder.rowCount
  }

  /// Gets the next whole rows; `false` at the end of the file.
  private mutating func advance() throws(DataError) -> Bool {
    guard !isAtEnd else { return false }
    buffer.dropFirst(wholeRows)
    wholeRows = 0
    while wholeRows == 0 {
      let checked = buffer.count
      let bytes = try source.stretch(of: stretch)
      buffer.append(bytes)
      if bytes.isEmpty {
        isAtEnd = true
        wholeRows = buffer.count
        break
      }
      let fresh = UnsafeBufferPointer(rebasing: buffer.bytes[checked...])
      if let border = borders.lastBorder(in: fresh) { wholeRows = checked + border }
      guard buffer.count - wholeRows <= Self.longestRow else {
        throw DataError(
          .malformed, file: path, at: .line(builder.scanner.nextLine, column: nil),
          expected: "a row of at most \(Self.longestRow >> 20) MB", found: "a longer one")
      }
    }
    builder.scanner = CSVScanner(
      UnsafeBufferPointer(rebasing: buffer.bytes[..<wholeRows]), delimiter: delimiter, file: path,
      fromLine: builder.scanner.nextLine)
    return true
  }
}

/// Bytes that stay where they are while a scanner reads them.
private final class CSVBuffer {
  private(set) var count = 0
  private var memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 12)

  deinit { memory.deallocate() }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: memory[..<count]) }

  func append(_ bytes: [UInt8]) {
    if count + bytes.count > memory.count {
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(
        capacity: max(2 * memory.count, count + bytes.count))
      _ = larger.update(fromContentsOf: memory[..<count])
      memory.deallocate()
      memory = larger
    }
    _ = memory[count...].update(fromContentsOf: bytes)
    count += bytes.count
  }

  func dropFirst(_ number: Int) {
    count -= number
    guard number > 0, count > 0, let start = memory.baseAddress else { return }
    start.update(from: start + number, count: count)
  }
}
