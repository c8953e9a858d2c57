/// A rule with a learning rate, which schedules can then move and checkpoints keep.
public protocol RateAdjustable {
  /// How far a step goes.
  var learningRate: Double { get set }

  /// Every rate, where there are several; by default the one. Always as many.
  var learningRates: [Double] { get set }

  /// The rate in force at an update, counted from 1; ``learningRate`` unless a schedule moves it.
  func learningRate(at iteration: Int) -> Double

  /// Multiplies the rate, or every rate where there are several; what a schedule does.
  mutating func scaleRate(by factor: Double)
}

extension RateAdjustable {
  public var learningRates: [Double] {
    get { [learningRate] }
    set { learningRate = newValue[0] }
  }

  public func learningRate(at iteration: Int) -> Double { learningRate }

  public mutating func scaleRate(by factor: Double) { learningRate *= factor }
}
