#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers that were noted during a training, such as losses and accuracies, by name and step.
///
/// ```swift
/// var history = TrainingHistory()
/// history.record(["loss": loss, "accuracy": accuracy], at: epoch)
/// print(history["loss"].last?.value ?? .nan)
/// try history.write(csv: "run/history.csv")
/// try history.write(tensorBoard: "run/board")           // tensorboard --logdir run/board
/// ```
///
/// It is a ``TrainingState``, so that a checkpoint keeps it.
public struct TrainingHistory: Sendable {
  /// A number that was noted.
  public struct Point: Sendable, Equatable {
    /// When in the training: an epoch, or a count of updates.
    public let step: Int
    /// The number.
    public let value: Double
    /// When in the world, in seconds since 1970.
    public let time: Double
  }

  /// The names, in the order in which they first came.
  public private(set) var names: [String] = []
  private(set) var points: [(column: Int, point: Point)] = []

  /// Without numbers yet.
  public init() {}

  /// Notes numbers.
  ///
  /// - Parameters:
  ///   - values: By name; a name may hold any text without line breaks, and slashes group in
  ///     TensorBoard: `loss/training`.
  ///   - step: When in the training.
  ///   - time: In seconds since 1970; now unless told otherwise.
  public mutating func record(
    _ values: KeyValuePairs<String, Double>, at step: Int, time: Double? = nil
  ) {
    let time = time ?? Self.now
    for (name, value) in values { record(name, value, at: step, time: time) }
  }

  /// Notes one number; see ``record(_:at:time:)``.
  public mutating func record(_ name: String, _ value: Double, at step: Int, time: Double? = nil) {
    require(
      !name.contains(where: \.isNewline) && !name.isEmpty,
      "TrainingHistory: the name '\(name)' is empty or has a line break")
    let column = names.firstIndex(of: name) ?? names.count
    if column == names.count { names.append(name) }
    points.append((column, Point(step: step, value: value, time: time ?? Self.now)))
  }

  /// What was noted under a name, in order.
  public subscript(name: String) -> [Point] {
    guard let column = names.firstIndex(of: name) else { return [] }
    return points.compactMap { $0.column == column ? $0.point : nil }
  }

  static var now: Double {
    var moment = timespec()
    clock_gettime(CLOCK_REALTIME, &moment)
    return Double(moment.tv_sec) + Double(moment.tv_nsec) * 1e-9
  }
}

extension TrainingHistory: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    var text = names.joined(separator: "\n").utf8.map(Int.init)
    visitor.visit("names", list: &text)
    var columns = points.map(\.column)
    visitor.visit("columns", list: &columns)
    var steps = points.map(\.point.step)
    visitor.visit("steps", list: &steps)
    var values = points.map(\.point.value)
    visitor.visit("values", list: &values)
    var times = points.map(\.point.time)
    visitor.visit("times", list: &times)
    names = String(decoding: text.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
      .split(separator: "\n").map(String.init)
    let count = [columns.count, steps.count, values.count, times.count].min() ?? 0
    points = (0..<count).compactMap { index in
      guard names.indices.contains(columns[index]) else { return nil }
      let point = Point(step: steps[index], value: values[index], time: times[index])
      return (columns[index], point)
    }
  }
}
