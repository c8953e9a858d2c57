import Core

/// A number for each axis of space: `2` for all of them, or `[2, 1]` one by one.
public struct PerAxis: Sendable, Hashable {
  /// One number, or one for each axis, outermost first.
  public let values: [Int]

  /// One number for all axes.
  public init(_ value: Int) { values = [value] }
  /// A number for each axis, outermost first.
  public init(_ values: [Int]) { self.values = values }

  /// The number for one of `rank` axes; traps when there are neither 1 nor `rank` of them.
  func value(_ axis: Int, of rank: Int, named name: StaticString, in operation: String) -> Int {
    if values.count == 1 { return values[0] }
    require(
      values.count == rank,
      "\(operation): \(values.count) values \(values) for \(name), \(rank) axes of space")
    return values[axis]
  }
}

extension PerAxis: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(integerLiteral value: Int) { values = [value] }
  public init(arrayLiteral values: Int...) { self.values = values }
}
