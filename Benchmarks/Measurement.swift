/// What the clock said of one row at one number of threads.
struct Measurement {
  let row: String
  let threads: Int
  let work: Work
  /// Seconds for one call.
  let median: Double
  let minimum: Double
  /// FLOP/s of the FMA loop, timed between the samples of the row.
  let peak: Double?

  init(row: Row, threads: Int, samples: [Double], peaks: [Double]) {
    self.row = row.name
    self.threads = threads
    work = row.work
    median = Benchmarks.median(samples)
    minimum = samples.min() ?? .nan
    peak = peaks.isEmpty ? nil : Benchmarks.median(peaks)
  }

  var gflops: Double? { work.flops.map { $0 / median / 1e9 } }
  var peakFraction: Double? {
    guard let flops = work.flops, let peak else { return nil }
    return flops / median / peak
  }
  var gigabytesPerSecond: Double? { work.bytes.map { $0 / median / 1e9 } }
  var itemsPerSecond: Double? { work.items.map { $0 / median } }

  /// One JSON object on one line.
  var json: String {
    var fields = [
      "\"row\": \"\(row)\"", "\"threads\": \(threads)", "\"median_s\": \(median)",
      "\"min_s\": \(minimum)",
    ]
    func add(_ name: String, _ value: Double?) {
      if let value { fields.append("\"\(name)\": \(value)") }
    }
    add("gflops", gflops)
    add("peak_fraction", peakFraction)
    add("gb_per_s", gigabytesPerSecond)
    add("items_per_s", itemsPerSecond)
    return "{" + fields.joined(separator: ", ") + "}"
  }
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
