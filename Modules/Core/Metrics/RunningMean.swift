/// The mean of numbers that come one after the other, such as the losses of batches.
///
/// ```swift
/// var loss = RunningMean()
/// loss.add(batchLoss.item(), weight: Double(batch.count))
/// ```
public struct RunningMean: Sendable, Equatable {
  /// Of all weights.
  public private(set) var weight = 0.0
  private var sum = 0.0
  /// What rounding took from the sum (Neumaier).
  private var lost = 0.0

  /// The mean of nothing yet.
  public init() {}

  /// Σ wᵢ xᵢ / Σ wᵢ; NaN without numbers.
  public var value: Double { (sum + lost) / weight }

  /// Takes in a number.
  ///
  /// - Parameter weight: How much it counts, such as the examples that it is the mean of; 1 unless
  ///   told otherwise.
  public mutating func add(_ number: Double, weight: Double = 1) {
    self.weight += weight
    let term = weight * number
    let next = sum + term
    // An infinity would make the difference NaN.
    if next.isFinite {
      lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    }
    sum = next
  }

  /// Takes in the numbers of another one.
  public mutating func add(_ other: RunningMean) {
    guard other.weight != 0 else { return }
    add(other.value, weight: other.weight)
  }
}
