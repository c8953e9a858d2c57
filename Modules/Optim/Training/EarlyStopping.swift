import Core

/// Stops training when a validation metric no longer improves, and brings the best weights back.
///
/// ```swift
/// var stopping = EarlyStopping(of: model, patience: 5)
/// for epoch in 1... {
///   …
///   if stopping.shouldStop(after: validationLoss) { break }
/// }
/// stopping.restoreBest()
/// ```
///
/// For a quadratic loss, stopping after t steps of rate η acts as an L2 penalty of about 1/(η t).
public struct EarlyStopping: Sendable {
  /// The best value so far, and how long ago it was.
  public private(set) var progress: MetricProgress
  private let parameters: [Parameter]
  private var best: [Tensor]?

  /// - Parameters:
  ///   - patience: How many observations in a row may bring nothing better; 5 unless told
  ///     otherwise.
  ///   - threshold: What counts as better; any change unless told otherwise.
  ///   - goal: Whether less is better, or more; less unless told otherwise.
  public init(
    of model: some Layer, patience: Int = 5, threshold: MetricProgress.Threshold = .absolute(0),
    goal: MetricProgress.Goal = .less
  ) {
    progress = MetricProgress(patience: patience, threshold: threshold, goal: goal)
    parameters = model.parameters
  }

  /// Looks at one value of the metric, and keeps the model's parameters and buffers if it is the
  /// best.
  ///
  /// - Returns: Whether patience is at its end.
  public mutating func shouldStop(after metric: Double) -> Bool {
    if progress.observe(metric) { best = parameters.map(\.value.detached) }
    return progress.isStalled
  }

  /// Puts the parameters and buffers back as they were at the best observation; without one, leaves
  /// them.
  public func restoreBest() {
    guard let best else { return }
    for (parameter, value) in zip(parameters, best) { parameter.value = value }
  }
}

extension EarlyStopping: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("progress", within: &progress)
    var hasBest = best != nil
    visitor.visit("hasBest", &hasBest)
    guard hasBest else {
      best = nil
      return
    }
    var values = best ?? parameters.map(\.value.detached)
    for index in values.indices { visitor.visit("best.\(index)", &values[index]) }
    best = values
  }
}
