import Core

extension Schedule {
  /// This schedule for the first `length` updates, then another one, which starts at its own
  /// beginning.
  ///
  /// ```swift
  /// Schedule.warmUp(over: 99).then(.exponential(by: 0.999), after: 100)
  /// ```
  public func then(_ next: Schedule, after length: Int) -> Schedule {
    require(length >= 0, "Schedule: joined after \(length) updates")
    return Schedule { t in t < length ? self(t) : next(t - length) }
  }

  /// Schedules one after another, each for so many updates; the last goes on.
  public static func joined(_ parts: [(schedule: Schedule, length: Int)]) -> Schedule {
    require(!parts.isEmpty, "Schedule: nothing to join")
    var result = parts.last!.schedule
    for part in parts.dropLast().reversed() {
      result = part.schedule.then(result, after: part.length)
    }
    return result
  }
}
