import Foundation

/// How the text of an option becomes a value.
struct OptionReader<Value> {
  /// What a text must be, as in "expected …".
  let expected: String
  let read: (String) -> Value?
  /// A default as help shows it; `nil` for one that needs no words.
  var show: (Value) -> String? = { "\($0)" }
  /// Whether a value follows; an option without one is on when it is given.
  var takesValue = true

  /// A value that may be absent.
  static func optional<Wrapped>(
    _ reader: OptionReader<Wrapped>
  ) -> Self where Value == Wrapped? {
    OptionReader(
      expected: reader.expected, read: { text in reader.read(text).map { .some($0) } },
      show: { $0.flatMap(reader.show) })
  }
}

extension OptionReader<Int> {
  static func integer(_ range: PartialRangeFrom<Int>) -> Self {
    OptionReader(
      expected: "a whole number from \(range.lowerBound) up",
      read: { Int($0).flatMap { range.contains($0) ? $0 : nil } })
  }

  static func integer(_ range: ClosedRange<Int>) -> Self {
    OptionReader(
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { Int($0).flatMap { range.contains($0) ? $0 : nil } })
  }
}

extension OptionReader<Bool> {
  /// On when it is given.
  static var flag: Self {
    OptionReader(
      expected: "nothing after it", read: { $0.isEmpty ? true : nil }, show: { _ in nil },
      takesValue: false)
  }
}

extension OptionReader<UInt64> {
  static var seed: Self {
    OptionReader(expected: "a whole number from 0 up", read: { UInt64($0) })
  }
}

extension OptionReader<Double> {
  static func number(above bound: Double) -> Self {
    OptionReader(
      expected: "a number above \(bound == bound.rounded() ? "\(Int(bound))" : "\(bound)")",
      read: { Double($0).flatMap { $0 > bound && $0.isFinite ? $0 : nil } })
  }
}

extension OptionReader<Double> {
  /// An extent that may be 0.
  static var measure: Self {
    OptionReader(
      expected: "a number from 0 up",
      read: { Double($0).flatMap { $0 >= 0 && $0.isFinite ? $0 : nil } }
    )
  }

  /// A share that is less than the whole.
  static var share: Self {
    OptionReader(
      expected: "a number from 0 up to but not 1",
      read: { Double($0).flatMap { (0..<1).contains($0) ? $0 : nil } })
  }
}

extension OptionReader<String> {
  /// Any words.
  static var text: Self {
    OptionReader(
      expected: "some text",
      read: { $0.allSatisfy(\.isWhitespace) ? nil : $0 })
  }

  /// The path of a file or a folder.
  static var path: Self {
    OptionReader(expected: "a path", read: { $0.isEmpty ? nil : $0 })
  }
}

extension OptionReader where Value: CaseIterable & RawRepresentable<String> {
  /// One of the names of an enumeration's cases.
  static var choice: Self {
    OptionReader(
      expected: Value.allCases.map(\.rawValue).joined(separator: ", ").replacingLast(", ", " or "),
      read: { Value(rawValue: $0) }, show: { $0.rawValue })
  }
}

extension String {
  fileprivate func replacingLast(_ part: String, _ replacement: String) -> String {
    guard let range = ranges(of: part).last else { return self }
    return replacingCharacters(in: range, with: replacement)
  }
}
