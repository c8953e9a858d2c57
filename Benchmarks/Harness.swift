import Core

/// Takes the time of rows.
///
/// A row is warmed up, then timed in samples; a sample is as many calls as fill a few milliseconds,
/// so that the clock's own cost and resolution do not show. Between the samples of a row that counts
/// floating-point operations the FMA peak is timed too: clocks drift, so a fraction of a peak from
/// a minute ago means little.
struct Harness {
  /// Seconds to run before the clock counts.
  var warmUp = 0.1
  /// Seconds that one sample should last.
  var sample = 0.008
  /// Seconds that all samples together should last, within the limits on their number.
  var total = 0.3
  var sampleCounts = 7...31

  static let thorough = Harness()
  static let quick = Harness(
    warmUp: 0.02, sample: 0.002, total: 0.06, sampleCounts: 7...25)

  /// Measures `operation`, made by `row`, at the present number of threads.
  func measure(_ row: Row, _ operation: Row.Operation) -> Measurement {
    let threads = Parallel.threadCount
    let once = estimate(operation)
    let calls = max(1, Int((sample / once).rounded(.up)))
    let count = min(
      max(Int(total / (once * Double(calls))), sampleCounts.lowerBound), sampleCounts.upperBound)
    let limit = row.work.flops == nil ? nil : row.work.peak.map(MachinePeak.init)
    var samples: [Double] = []
    var peaks: [Double] = []
    for _ in 0..<count {
      if let limit { peaks.append(limit.rate()) }
      samples.append(seconds { for _ in 0..<calls { operation() } } / Double(calls))
    }
    return Measurement(row: row, threads: threads, samples: samples, peaks: peaks)
  }

  /// Warms up; returns the seconds that one call takes.
  private func estimate(_ operation: Row.Operation) -> Double {
    operation()
    var calls = 1
    var spent = 0.0
    while true {
      let time = seconds { for _ in 0..<calls { operation() } }
      spent += time
      if spent >= warmUp { return max(time / Double(calls), 1e-9) }
      if time < sample { calls *= 2 }
    }
  }
}

/// Seconds that `body` takes.
func seconds(_ body: () -> Void) -> Double {
  let duration = ContinuousClock().measure(body).components
  return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
}
