import Core

/// The mean of the gradients of several small batches, in place of one large one.
///
/// ```swift
/// var accumulator = GradientAccumulator(over: 4)
/// for batch in batches {
///   let (_, gradients) = valueWithGradient(of: model) { … }
///   if let mean = accumulator.add(gradients) { training.update(along: mean) }
/// }
/// ```
///
/// The rule sees whole updates only, so that clipping, schedules and averages mean what they say.
/// With mean losses of equal batches the result is the gradient of the joint batch.
public struct GradientAccumulator: Sendable {
  /// How many gradients make one update.
  public let period: Int
  /// How many have been added since the last update.
  public private(set) var count = 0
  private var sum: Gradients?
  /// What a sum looks like, to read one back.
  private let empty: Gradients?

  /// The mean of so many gradients.
  public init(over period: Int) {
    require(period > 0, "GradientAccumulator: over \(period) batches")
    self.period = period
    empty = nil
  }

  /// An accumulator that a checkpoint can hold while gradients wait in it.
  public init(over period: Int, of model: some Layer) {
    require(period > 0, "GradientAccumulator: over \(period) batches")
    self.period = period
    empty = Gradients(emptyOf: model)
  }

  /// Adds one batch's gradients.
  ///
  /// - Returns: The mean, when there are enough; the count then starts again.
  public mutating func add(_ gradients: Gradients) -> Gradients? {
    sum = sum.map { $0 + gradients } ?? gradients
    count += 1
    return count == period ? finish() : nil
  }

  /// The mean of what there is, fewer batches than usual perhaps: for the end of an epoch.
  public mutating func finish() -> Gradients? {
    defer { (sum, count) = (nil, 0) }
    guard let sum else { return nil }
    return count == 1 ? sum : sum * (1 / Double(count))
  }
}

extension GradientAccumulator: TrainingState {
  /// Gradients that wait come back only into an accumulator that knows the model.
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("count", &count)
    let empty = empty
    func known() -> Gradients {
      guard let empty else {
        trap("GradientAccumulator: gradients wait; make it by GradientAccumulator(over:of:)")
      }
      return empty
    }
    visitor.visit("sum", within: &sum, initial: known())
  }
}
