/// Whether less of a metric is better, or more.
public enum MetricGoal: Codable, Sendable {
  case less, more

  /// Whether `a` is better than `b`. NaN is better than nothing, and no better than itself.
  func prefers(_ a: Double, to b: Double) -> Bool {
    if b.isNaN { return !a.isNaN }
    return self == .less ? a < b : a > b
  }
}
