import Core

/// Whether a metric still improves: the best value so far, and how long ago it was.
public struct MetricProgress: Codable, Sendable {
  /// Which direction is better.
  public typealias Goal = MetricGoal

  /// By how much a value must beat the best to count.
  public enum Threshold: Codable, Sendable {
    /// By a fraction of the best's size.
    case relative(Double)
    /// By this much.
    case absolute(Double)
  }

  /// How many observations in a row may bring nothing better.
  public var patience: Int
  /// How much better counts as better.
  public var threshold: Threshold
  /// Which direction is better.
  public var goal: Goal
  /// `nil` before the first observation.
  public private(set) var best: Double?
  /// How many observations in a row brought nothing better.
  public private(set) var stalled = 0

  /// - Parameters:
  ///   - patience: How many observations in a row may bring nothing better.
  ///   - threshold: What counts as better; any change unless told otherwise.
  ///   - goal: Whether less is better, or more; less unless told otherwise.
  public init(patience: Int, threshold: Threshold = .absolute(0), goal: Goal = .less) {
    require(patience >= 0, "MetricProgress: the patience \(patience) is negative")
    self.patience = patience
    self.threshold = threshold
    self.goal = goal
  }

  /// Whether patience is at its end.
  public var isStalled: Bool { stalled > patience }

  /// Takes in one value. NaN is never better.
  ///
  /// - Returns: Whether it is the best so far.
  @discardableResult
  public mutating func observe(_ metric: Double) -> Bool {
    guard isBetter(metric) else {
      stalled += 1
      return false
    }
    best = metric
    stalled = 0
    return true
  }

  /// Counts anew, and keeps the best.
  public mutating func forgive() { stalled = 0 }

  private func isBetter(_ metric: Double) -> Bool {
    guard let best else { return !metric.isNaN }
    let margin =
      switch threshold {
      case .relative(let fraction): fraction * abs(best)
      case .absolute(let amount): amount
      }
    return goal == .less ? metric < best - margin : metric > best + margin
  }
}

extension MetricProgress: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("best", within: &best, initial: 0)
    visitor.visit("stalled", &stalled)
  }
}
