import Core
import Foundation

/// How a learning rate moves over the updates: a factor for each.
///
/// ```swift
/// let rule = Adam(learningRate: 1e-3).scheduled(.cosine(over: 1000, warmUp: 100))
/// ```
///
/// A schedule is a function of t, the number of updates done before: 0 at the first. Schedules
/// multiply, `.warmUp(over: 100) * .steps(every: 500, by: 0.1)`, and one of your own is
/// `Schedule { t in 1 / Double(1 + t) }`.
public struct Schedule: Sendable {
  private let factor: @Sendable (_ updatesDone: Int) -> Double

  /// A factor of the rate for each iteration.
  public init(_ factor: @escaping @Sendable (_ updatesDone: Int) -> Double) {
    self.factor = factor
  }

  /// The factor after `updatesDone` updates.
  public func callAsFunction(_ updatesDone: Int) -> Double { factor(updatesDone) }

  /// Both factors multiplied.
  public static func * (lhs: Schedule, rhs: Schedule) -> Schedule {
    Schedule { t in lhs(t) * rhs(t) }
  }
}
