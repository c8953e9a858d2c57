import Foundation

/// Turns the rows of one file into a table.
struct CSVTableBuilder {
  let reader: CSVReader
  var scanner: CSVScanner
  private var names: [String]?
  private var width = 0
  /// The index of the label column, or -1.
  private var labelIndex = -1
  private var values: [Float] = []
  private var classes: [Int64] = []
  private var numbers: [Float] = []
  private(set) var classNames: [String] = []
  private var classOfName: [String: Int64] = [:]
  private(set) var rowCount = 0

  private var isHeaderRead = false

  /// - Parameter names: The names of the classes, where they are known already, in order.
  init(reader: CSVReader, scanner: CSVScanner, classNames names: [String] = []) {
    self.reader = reader
    self.scanner = scanner
    for name in names { _ = number(newClass: name) }
  }

  /// Reads all rows, and makes sure that there are some.
  mutating func build() throws(DataError) -> CSVTable {
    _ = try readRows(upTo: .max)
    guard rowCount > 0 else { throw emptyFile() }
    return takeTable()
  }

  /// Reads rows until there are `limit`; `false` where the scanner has no more.
  mutating func readRows(upTo limit: Int) throws(DataError) -> Bool {
    if reader.hasHeader, !isHeaderRead {
      guard try scanner.readRow() else { return false }
      isHeaderRead = true
      names = scanner.fields.map { scanner.text(of: $0) }
      width = scanner.fields.count
      labelIndex = try findLabelColumn()
    }
    while rowCount < limit {
      guard try scanner.readRow() else { return false }
      try readRow()
    }
    return true
  }

  func emptyFile() -> DataError {
    DataError(
      .empty, file: scanner.file, at: .file, expected: "rows of data",
      found: names == nil ? "an empty file" : "a header alone")
  }

  /// The rows read since the last call.
  mutating func takeTable() -> CSVTable {
    var columnNames = names
    if labelIndex >= 0 { columnNames?.remove(at: labelIndex) }
    let table = CSVTable(
      columnNames: columnNames, values: values, columnCount: labelIndex < 0 ? width : width - 1,
      rowCount: rowCount, labels: labels())
    values = []
    classes = []
    numbers = []
    rowCount = 0
    return table
  }

  private mutating func readRow() throws(DataError) {
    let fields = scanner.fields
    if width == 0 {
      width = fields.count
      labelIndex = try findLabelColumn()
    }
    guard fields.count == width else {
      throw DataError(
        .ragged, file: scanner.file, at: .line(scanner.line, column: nil),
        expected: counted(width, "field"), found: "\(fields.count)")
    }
    for (index, field) in fields.enumerated() {
      if index == labelIndex {
        try readLabel(field, at: index)
      } else {
        values.append(try readFeature(field, at: index))
      }
    }
    rowCount += 1
  }

  private func findLabelColumn() throws(DataError) -> Int {
    let index: Int?
    var expected = ""
    switch reader.labelColumn {
    case .none: return -1
    case .first: return 0
    case .last: return width - 1
    case .number(let number):
      index = (1...width).contains(number) ? number - 1 : nil
      expected = "a label column \(number)"
    case .named(let name):
      index = names?.firstIndex(of: name)
      expected = "a label column named \"\(name)\""
    }
    guard let index else {
      let found = names.map { "\"" + $0.joined(separator: "\", \"") + "\"" }
      throw DataError(
        .missingColumn, file: scanner.file, at: .line(scanner.line, column: nil),
        expected: expected, found: found ?? "\(counted(width, "column")) without names")
    }
    return index
  }

  private func readFeature(_ field: CSVScanner.Field, at index: Int) throws(DataError) -> Float {
    let value = try readNumber(field, at: index)
    if let range = reader.valueRange, !range.contains(value) {
      let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
      throw damage(.outOfRange, at: index, expected: expected, found: quoted(field))
    }
    return value
  }

  private func readNumber(_ field: CSVScanner.Field, at index: Int) throws(DataError) -> Float {
    guard let number = DecimalParser.number(scanner.bytes[field.bytes]) else {
      throw damage(.notANumber, at: index, expected: "a number", found: quoted(field))
    }
    let value = Float(number)
    guard value.isFinite else {
      let expected = number.isFinite ? "a number within the range of float32" : "a finite number"
      throw damage(.notFinite, at: index, expected: expected, found: quoted(field))
    }
    return value
  }

  private mutating func readLabel(_ field: CSVScanner.Field, at index: Int) throws(DataError) {
    switch reader.labelKind {
    case .numbers:
      numbers.append(try readNumber(field, at: index))
    case .classes(let count):
      guard let number = DecimalParser.number(scanner.bytes[field.bytes]),
        let label = Int64(exactly: number), label >= 0, label < count
      else {
        throw damage(
          .badLabel, at: index, expected: "a class from 0 to \(count - 1)", found: quoted(field))
      }
      classes.append(label)
    case .names:
      let name = scanner.text(of: field).trimmingCharacters(in: .whitespaces)
      guard !name.isEmpty else {
        throw damage(.badLabel, at: index, expected: "the name of a class", found: "\"\"")
      }
      classes.append(classOfName[name] ?? number(newClass: name))
    }
  }

  private mutating func number(newClass name: String) -> Int64 {
    let label = Int64(classNames.count)
    classNames.append(name)
    classOfName[name] = label
    return label
  }

  /// The labels, with named classes renumbered in the order of their names, so that the numbers do
  /// not depend on the order of the rows.
  private func labels() -> CSVTable.Labels {
    guard labelIndex >= 0 else { return .none }
    switch reader.labelKind {
    case .numbers: return .numbers(numbers)
    case .classes: return .classes(classes, names: nil)
    case .names:
      let sorted = classNames.sorted()
      var rank = [Int64](repeating: 0, count: sorted.count)
      for (position, name) in sorted.enumerated() {
        classOfName[name].map { rank[Int($0)] = Int64(position) }
      }
      return .classes(classes.map { rank[Int($0)] }, names: sorted)
    }
  }

  private func quoted(_ field: CSVScanner.Field) -> String {
    let text = scanner.text(of: field)
    return text.count <= 40 ? "\"\(text)\"" : "\"\(text.prefix(37))…\""
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }

  private func damage(
    _ kind: DataError.Kind, at index: Int, expected: String, found: String
  ) -> DataError {
    DataError(
      kind, file: scanner.file, at: .line(scanner.line, column: index + 1), expected: expected,
      found: found)
  }
}
