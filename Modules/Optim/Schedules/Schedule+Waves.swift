import Core
import Foundation

// Schedules that rise: warm-up, cosines, cycles.

extension Schedule {
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
      return wave(from: 1, to: end, Double(t - warmUp) / Double(total - warmUp))
    }
  }

  /// Half cosine waves from 1 down to `end`, one after another, each `growth` times as long as the
  /// one before.
  ///
  /// - Parameters:
  ///   - period: The length of the first wave in updates.
  ///   - growth: A whole number; 1, waves of one length, unless told otherwise.
  ///   - end: What each wave falls towards; 0 unless told otherwise.
  ///
  /// Source: [Loshchilov and Hutter 2017].
  public static func cosineRestarts(
    every period: Int, growth: Int = 1, to end: Double = 0
  ) -> Schedule {
    require(
      period > 0 && growth > 0,
      "Schedule: restarts every \(period) updates, growing by \(growth)")
    return Schedule { t in
      var (begin, length) = (0, period)
      if growth == 1 {
        begin = t / period * period
      } else {
        while t - begin >= length {
          begin += length
          length *= growth
        }
      }
      return wave(from: 1, to: end, Double(t - begin) / Double(length))
    }
  }

  /// One cycle: up from a small factor to 1, then down to next to nothing, along cosines.
  ///
  /// - Parameters:
  ///   - total: The number of updates; the last of them has the last factor, which then stays.
  ///   - rise: The share of the updates that rises; 0.3 unless told otherwise.
  ///   - start: The first factor; 1/25 unless told otherwise.
  ///   - end: The last factor; 4e-6 unless told otherwise.
  ///
  /// Source: [Smith and Topin 2019], with PyTorch's constants (which count `end` from the start:
  /// 1e-4 of 1/25).
  public static func oneCycle(
    over total: Int, rise: Double = 0.3, from start: Double = 1 / 25, to end: Double = 4e-6
  ) -> Schedule {
    require(
      total > 1 && rise > 0 && rise < 1, "Schedule: one cycle over \(total) updates, rise \(rise)")
    let (peak, last) = (rise * Double(total) - 1, Double(total - 1))
    require(
      peak > 0,
      "Schedule: one cycle over \(total) updates rises for less than two; try a larger share than "
        + "\(rise)")
    return Schedule { t in
      let t = min(Double(t), last)
      return t <= peak
        ? wave(from: start, to: 1, t / peak) : wave(from: 1, to: end, (t - peak) / (last - peak))
    }
  }
}

/// Half a cosine wave, with progress from 0 to 1.
private func wave(from start: Double, to end: Double, _ progress: Double) -> Double {
  end + (start - end) * (1 + cos(.pi * progress)) / 2
}
