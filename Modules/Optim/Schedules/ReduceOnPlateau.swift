import Core

/// Lowers a learning rate when a metric no longer improves.
///
/// ```swift
/// var plateau = ReduceOnPlateau(factor: 0.1, patience: 10)
/// for epoch in 1...100 {
///   …
///   plateau.observe(validationLoss, adjusting: &training.rule)
/// }
/// ```
///
/// It is settled by what happens and not by time alone, so it is no ``Schedule``; it can move the
/// base rate of a scheduled rule all the same.
public struct ReduceOnPlateau: Codable, Sendable {
  /// What the rate is multiplied by.
  public var factor: Double
  /// The least rate.
  public var minimum: Double
  /// How many observations after a reduction are not counted.
  public var cooldown: Int
  /// The best value so far, and how long ago it was.
  public private(set) var progress: MetricProgress
  private var resting = 0

  /// - Parameters:
  ///   - factor: What the rate is multiplied by; 0.1 unless told otherwise.
  ///   - patience: How many observations in a row may bring nothing better; 10 unless told
  ///     otherwise. The one after them reduces.
  ///   - threshold: What counts as better; a change by the fraction 1e-4 unless told otherwise.
  ///   - goal: Whether less is better, or more; less unless told otherwise.
  ///   - cooldown: How many observations after a reduction are not counted; 0 unless told
  ///     otherwise.
  ///   - minimum: The least rate; 0 unless told otherwise.
  public init(
    factor: Double = 0.1, patience: Int = 10, threshold: MetricProgress.Threshold = .relative(1e-4),
    goal: MetricProgress.Goal = .less, cooldown: Int = 0, minimum: Double = 0
  ) {
    require(
      factor > 0 && factor < 1 && cooldown >= 0 && minimum >= 0,
      "ReduceOnPlateau: factor \(factor), cooldown \(cooldown), minimum \(minimum)")
    self.factor = factor
    self.minimum = minimum
    self.cooldown = cooldown
    progress = MetricProgress(patience: patience, threshold: threshold, goal: goal)
  }

  /// Looks at one value of the metric and lowers the rule's rate if it is time.
  ///
  /// - Returns: Whether it was.
  @discardableResult
  public mutating func observe(_ metric: Double, adjusting rule: inout some RateAdjustable) -> Bool
  {
    progress.observe(metric)
    if resting > 0 {
      resting -= 1
      progress.forgive()
    }
    guard progress.isStalled else { return false }
    progress.forgive()
    resting = cooldown
    let rate = rule.learningRate
    if rate > minimum { rule.learningRate = max(rate * factor, minimum) }
    return true
  }
}

extension ReduceOnPlateau: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("progress", within: &progress)
    visitor.visit("resting", &resting)
  }
}
