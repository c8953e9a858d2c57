import Core
import Foundation

// Schedules that only fall, or stay.

extension Schedule {
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

  /// Multiplied by `factor` at each update, evenly spread over `period` of them.
  ///
  ///     factor^(t / period)
  ///
  /// - Parameter period: 1 unless told otherwise.
  public static func exponential(by factor: Double, over period: Int = 1) -> Schedule {
    require(
      factor > 0 && period > 0, "Schedule: exponential by \(factor) over \(period) updates")
    return Schedule { t in pow(factor, Double(t) / Double(period)) }
  }

  /// Falls with the inverse of time.
  ///
  ///     1 / (1 + decay t)
  public static func inverseTime(_ decay: Double) -> Schedule {
    require(decay >= 0, "Schedule: inverse time with the decay \(decay)")
    return Schedule { t in 1 / (1 + decay * Double(t)) }
  }

  /// From 1 to `end` along a power.
  ///
  ///     end + (1 − end) (1 − min(t, total) / total)^power
  ///
  /// - Parameters:
  ///   - total: The number of updates after which the factor is `end`.
  ///   - power: 1, a straight line, unless told otherwise.
  ///   - end: The last factor; 0 unless told otherwise.
  public static func polynomial(
    over total: Int, power: Double = 1, to end: Double = 0
  ) -> Schedule {
    require(
      total > 0 && power > 0, "Schedule: a polynomial over \(total) updates, power \(power)")
    return Schedule { t in
      end + (1 - end) * pow(1 - Double(min(t, total)) / Double(total), power)
    }
  }

  /// A straight line from one factor to another, which then stays.
  public static func linear(from start: Double, to end: Double, over total: Int) -> Schedule {
    require(total > 0, "Schedule: a line over \(total) updates")
    return Schedule { t in start + (end - start) * Double(min(t, total)) / Double(total) }
  }
}
