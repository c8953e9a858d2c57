import Core

/// A rule with a learning rate, which schedules can then move.
public protocol RateAdjustable {
  /// How far a step goes.
  var learningRate: Double { get set }

  /// The rate in force at an update, counted from 1; ``learningRate`` unless a schedule moves it.
  func learningRate(at iteration: Int) -> Double

  /// Multiplies the rate, or every rate where there are several; what a schedule does.
  mutating func scaleRate(by factor: Double)
}

extension RateAdjustable {
  public func learningRate(at iteration: Int) -> Double { learningRate }

  public mutating func scaleRate(by factor: Double) { learningRate *= factor }
}

/// Stops on a setting that no rule can mean.
func requireRate(_ learningRate: Double, in rule: StaticString) {
  require(learningRate >= 0, "\(rule): the learning rate \(learningRate) is negative")
}

/// Stops on a weight decay that no rule can mean.
func requireDecay(_ decay: Double, in rule: StaticString) {
  require(decay >= 0, "\(rule): the weight decay \(decay) is negative")
}

/// Stops on a factor of a moving average outside [0, 1).
func requireAverage(_ factor: Double, named name: StaticString, in rule: StaticString) {
  require(factor >= 0 && factor < 1, "\(rule): \(name) is \(factor), not within 0..<1")
}
