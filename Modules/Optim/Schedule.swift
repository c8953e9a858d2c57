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

  public init(_ factor: @escaping @Sendable (_ updatesDone: Int) -> Double) {
    self.factor = factor
  }

  /// The factor after `updatesDone` updates.
  public func callAsFunction(_ updatesDone: Int) -> Double { factor(updatesDone) }

  /// The same factor always, 1 unless told otherwise.
  public static func constant(_ factor: Double = 1) -> Schedule { Schedule { _ in factor } }

  /// Multiplied by `factor` after each `period` updates.
  ///
  ///     factor^⌊t / period⌋
  public static func steps(every period: Int, by factor: Double) -> Schedule {
    require(period > 0, "Schedule: a step every \(period) updates")
    return Schedule { t in pow(factor, Double(t / period)) }
  }

  /// Multiplied by `factor` once each of `milestones` updates are done.
  public static func steps(at milestones: [Int], by factor: Double) -> Schedule {
    Schedule { t in pow(factor, Double(milestones.count { $0 <= t })) }
  }

  /// A linear rise to 1 over the first `length` updates, the first of which is not lost to a rate
  /// of 0.
  ///
  ///     min(1, (t + 1) / (length + 1))
  public static func warmUp(over length: Int) -> Schedule {
    require(length >= 0, "Schedule: a warm-up over \(length) updates")
    return Schedule { t in min(1, Double(t + 1) / Double(length + 1)) }
  }

  /// Half a cosine wave from 1 down to `end`, after a linear warm-up.
  ///
  ///     t < w:      (t + 1) / (w + 1)
  ///     t < total:  end + (1 − end) (1 + cos(π (t − w) / (total − w))) / 2
  ///     else:       end
  ///
  /// - Parameters:
  ///   - total: The number of updates, warm-up included, after which the factor is `end`.
  ///   - warmUp: w, the number of updates of the warm-up; 0 unless told otherwise.
  ///   - end: The last factor; 0 unless told otherwise.
  ///
  /// Source: [Loshchilov and Hutter 2017]; the warm-up is that of [Goyal et al. 2017].
  public static func cosine(over total: Int, warmUp: Int = 0, to end: Double = 0) -> Schedule {
    require(
      warmUp >= 0 && warmUp < total,
      "Schedule: a cosine over \(total) updates with a warm-up of \(warmUp)")
    return Schedule { t in
      if t < warmUp { return Double(t + 1) / Double(warmUp + 1) }
      if t >= total { return end }
      let progress = Double(t - warmUp) / Double(total - warmUp)
      return end + (1 - end) * (1 + cos(.pi * progress)) / 2
    }
  }

  /// Both factors multiplied.
  public static func * (lhs: Schedule, rhs: Schedule) -> Schedule {
    Schedule { t in lhs(t) * rhs(t) }
  }
}
