/// Whether less of a metric is better, or more.
public enum MetricGoal: Codable, Sendable {
  /// Which direction is better.
  case less, more

  /// Whether `a` is better than `b`.
  func prefers(_ a: Double, to b: Double) -> Bool { self == .less ? a < b : a > b }
}
