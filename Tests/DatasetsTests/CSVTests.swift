import Testing

@testable import Datasets

/// Reads a table from text.
private func table(
  _ text: String, _ reader: CSVReader = CSVReader()
) throws(DataError) -> CSVTable {
  try reader.read(bytes: Array(text.utf8), file: "table.csv")
}

@Suite struct CSVTests {
  @Test func `line ends, quotes, blanks and empty lines do not change a table`() throws {
    let texts = [
      "1,2.5\n-3,4e3\n", "1,2.5\n-3,4e3", "1,2.5\r\n-3,4e3\r\n", "1,2.5\r-3,4e3\r",
      "\n\n1,2.5\n\r\n-3,4e3\n\n", "\u{FEFF}1,2.5\n-3,4e3\n", " 1 ,\t2.5\n-3, 4e3 \n",
      "\"1\",\"2.5\"\n\"-3\",\"4e3\"\n", "+1.0,2.50\n-3.,4000\n",
    ]
    for text in texts {
      let table = try table(text)
      #expect(table.values == [1, 2.5, -3, 4e3])
      #expect((table.rowCount, table.columnCount) == (2, 2))
      #expect(table.columnNames == nil)
      #expect(table.labels == .none)
    }
  }

  @Test(arguments: [";", "\t", "|", " "] as [Character])
  func `any ASCII delimiter`(delimiter: Character) throws {
    let table = try table("1\(delimiter)2\n3\(delimiter)4", CSVReader(delimiter: delimiter))
    #expect(table.values == [1, 2, 3, 4])
  }

  @Test func `quoted names may hold delimiters, quotes and line ends`() throws {
    let reader = CSVReader(hasHeader: true, labelColumn: .named("kind"))
    let table = try table("\"a, b\",kind,\"c\n\"\"d\"\"\"\n1,\"x \"\"y\"\"\",2\n", reader)
    #expect(table.columnNames == ["a, b", "c\n\"d\""])
    #expect(table.values == [1, 2])
    #expect(table.labels == .classes([0], names: ["x \"y\""]))
  }

  @Test func `numbers are rounded correctly`() throws {
    let texts = [
      "0.1", "123456789012345", "1234567890.12345678901", "1e-45", "3.4028235e38", "-0.0", ".5",
      "0.000000000000001", "16777217", "999999999999999.9",
    ]
    for text in texts {
      let bytes = Array(text.utf8)
      let number = bytes.withUnsafeBufferPointer { DecimalParser.number($0[...]) }
      #expect(number == Double(text))
      #expect(number?.sign == Double(text)?.sign)
    }
  }

  @Test func `class names are numbered in their order, whatever the order of the rows`() throws {
    let table = try table("1,pear\n2,apple\n3,pear\n", CSVReader(labelColumn: .last))
    #expect(table.labels == .classes([1, 0, 1], names: ["apple", "pear"]))
    #expect(table.values == [1, 2, 3])
  }

  @Test(arguments: [
    (CSVReader.LabelColumn.first, [2, 3, 5, 6] as [Float], [1, 4] as [Int64]),
    (.last, [1, 2, 4, 5], [3, 6]), (.number(2), [1, 3, 4, 6], [2, 5]),
  ])
  func `the label column may be anywhere`(
    column: CSVReader.LabelColumn, values: [Float], labels: [Int64]
  ) throws {
    let reader = CSVReader(labelColumn: column, labelKind: .classes(count: 7))
    let table = try table("1,2,3\n4,5,6\n", reader)
    #expect(table.values == values)
    #expect(table.labels == .classes(labels, names: nil))
  }

  @Test func `targets to regress on`() throws {
    let reader = CSVReader(labelColumn: .last, labelKind: .numbers)
    let dataset = Dataset(try table("1,0.5\n2,-1.5\n", reader))
    #expect(dataset.labels.scalars(as: Float.self) == [0.5, -1.5])
    #expect(dataset.inputs.shape == [2, 1])
  }
}

@Suite struct CSVErrorTests {
  /// A damaged text and the error that it must give.
  struct Damage: Sendable, CustomTestStringConvertible {
    var text: String
    var reader = CSVReader()
    var kind: DataError.Kind
    var message: String
    var testDescription: String { message }
  }

  private static let classes = CSVReader(labelColumn: .last, labelKind: .classes(count: 3))
  private static let header = CSVReader(hasHeader: true, labelColumn: .named("kind"))

  @Test(arguments: [
    Damage(
      text: "", kind: .empty, message: "table.csv: expected rows of data, found an empty file"),
    Damage(
      text: "\n\r\n", kind: .empty,
      message: "table.csv: expected rows of data, found an empty file"),
    Damage(
      text: "a,kind\n", reader: header, kind: .empty,
      message: "table.csv: expected rows of data, found a header alone"),
    Damage(
      text: "1,2\n3\n", kind: .ragged, message: "table.csv, line 2: expected 2 fields, found 1"),
    Damage(
      text: "1,2\n\n3,4,5\n", kind: .ragged,
      message: "table.csv, line 3: expected 2 fields, found 3"),
    Damage(
      text: "1,2\n3,n/a\n", kind: .notANumber,
      message: "table.csv, line 2, column 2: expected a number, found \"n/a\""),
    Damage(
      text: "1,2\n3,\n", kind: .notANumber,
      message: "table.csv, line 2, column 2: expected a number, found \"\""),
    Damage(
      text: "0x10\n", kind: .notANumber,
      message: "table.csv, line 1, column 1: expected a number, found \"0x10\""),
    Damage(
      text: "1,2\nnan,3\n", kind: .notFinite,
      message: "table.csv, line 2, column 1: expected a finite number, found \"nan\""),
    Damage(
      text: "-inf\n", kind: .notFinite,
      message: "table.csv, line 1, column 1: expected a finite number, found \"-inf\""),
    Damage(
      text: "1e39\n", kind: .notFinite,
      message:
        "table.csv, line 1, column 1: expected a number within the range of float32, found \"1e39\""
    ),
    Damage(
      text: "1,0\n2,3\n", reader: classes, kind: .badLabel,
      message: "table.csv, line 2, column 2: expected a class from 0 to 2, found \"3\""),
    Damage(
      text: "1,-1\n", reader: classes, kind: .badLabel,
      message: "table.csv, line 1, column 2: expected a class from 0 to 2, found \"-1\""),
    Damage(
      text: "1,1.5\n", reader: classes, kind: .badLabel,
      message: "table.csv, line 1, column 2: expected a class from 0 to 2, found \"1.5\""),
    Damage(
      text: "1, \n", reader: CSVReader(labelColumn: .last), kind: .badLabel,
      message: "table.csv, line 1, column 2: expected the name of a class, found \"\""),
    Damage(
      text: "a,b\n1,2\n", reader: header, kind: .missingColumn,
      message: "table.csv, line 1: expected a label column named \"kind\", found \"a\", \"b\""),
    Damage(
      text: "1,2\n", reader: CSVReader(labelColumn: .number(3)), kind: .missingColumn,
      message: "table.csv, line 1: expected a label column 3, found 2 columns without names"),
    Damage(
      text: "1\n\"2,3\n4", kind: .malformed,
      message: "table.csv, line 2, column 1: expected a closing quotation mark, "
        + "found the end of the file"),
    Damage(
      text: "1,\"2\"3\n", kind: .malformed,
      message: "table.csv, line 1, column 2: expected a delimiter or the end of the line after the "
        + "closing quotation mark, found \"3\""),
    Damage(
      text: "1,2\"3\"\n", kind: .malformed,
      message: "table.csv, line 1, column 2: expected quotation marks around the whole field, "
        + "found one inside it"),
  ])
  func `a damaged table names its place`(damage: Damage) throws {
    let error = #expect(throws: DataError.self) { try table(damage.text, damage.reader) }
    #expect(error?.kind == damage.kind)
    #expect(error.map { "\($0)" } == damage.message)
  }

  @Test func `a line end inside quotes counts`() throws {
    let error = #expect(throws: DataError.self) {
      try table("\"1\n\",x\n", CSVReader(labelColumn: .first))
    }
    #expect(error?.place == .line(1, column: 2))
    let later = #expect(throws: DataError.self) {
      try table("\"a\n\",1\nb,x\n", CSVReader(labelColumn: .first))
    }
    #expect(later?.place == .line(3, column: 2))
  }

  @Test func `a missing file and a folder are named`() throws {
    let missing = #expect(throws: DataError.self) { try CSVReader().read("/nowhere/a.csv") }
    #expect(missing.map { "\($0)" } == "/nowhere/a.csv: expected a readable file, found none")
    let folder = #expect(throws: DataError.self) { try CSVReader().read("/") }
    #expect(folder?.kind == .unreadable)
    #expect(folder?.found == "a folder")
  }

  #if os(Linux) || os(macOS)
    @Test(arguments: ["\"", "\n", "\r\n", "é"] as [Character])
    func `what cannot separate fields traps`(delimiter: Character) async {
      let text = String(delimiter)
      await #expect(processExitsWith: .failure) { [text = text as String] in
        _ = try table("1\n", CSVReader(delimiter: Character(text)))
      }
    }
  #endif
}
