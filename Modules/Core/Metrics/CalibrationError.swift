/// How far a classifier's confidence is from its accuracy.
///
/// ```
/// ECE = Σ_b (n_b / n) |accuracy_b − confidence_b|,   MCE = max_b |accuracy_b − confidence_b|
/// ```
///
/// An example's confidence is its greatest probability; bins cut 0…1 evenly, each with its upper
/// bound.
///
/// ```swift
/// var calibration = CalibrationError()
/// calibration.add(logits: model(batch.inputs), labels: batch.labels)
/// print(calibration.expected)
/// for bin in calibration.bins where bin.count > 0 { print(bin.confidence, bin.accuracy) }
/// ```
///
/// [Guo et al. 2017]: https://arxiv.org/abs/1706.04599
public struct CalibrationError: Sendable, Equatable {
  /// The examples whose confidence is in one interval: a point of the reliability diagram.
  public struct Bin: Sendable, Equatable {
    /// How many there are.
    public fileprivate(set) var count = 0
    fileprivate var correct = 0
    fileprivate var sum = 0.0

    /// Their mean confidence; NaN without examples.
    public var confidence: Double { sum / Double(count) }
    /// The share that was right; NaN without examples.
    public var accuracy: Double { Double(correct) / Double(count) }
  }

  /// From confidence 0 up.
  public private(set) var bins: [Bin]

  /// - Parameter bins: How many; 15 unless told otherwise.
  public init(bins: Int = 15) {
    require(bins > 0, "CalibrationError: \(bins) bins")
    self.bins = Array(repeating: Bin(), count: bins)
  }

  /// How many examples there were.
  public var count: Int { bins.reduce(0) { $0 + $1.count } }

  /// The mean gap over examples, in 0…1; NaN without examples.
  public var expected: Double {
    filled.reduce(0) { $0 + gap($1) * Double($1.count) } / Double(count)
  }

  /// The greatest gap of a bin with examples; NaN without examples.
  public var maximum: Double { filled.map(gap).max() ?? .nan }

  /// Takes in a batch.
  ///
  /// - Parameters:
  ///   - logits: [example…, class]; log-probabilities do as well.
  ///   - labels: Class numbers, [example…]. One that is no class traps.
  ///   - ignored: A label whose examples do not count; none by default.
  public mutating func add(logits: Tensor, labels: Tensor, ignoring ignored: Int? = nil) {
    let rows = LabelledLogits(logits, labels, in: "CalibrationError")
    rows.forEach(ignoring: ignored, in: "CalibrationError") { row, label in
      let guess = row.positionOfGreatest
      let confidence = exponential(row[row.startIndex + guess] - row.logSumExp)
      require(!confidence.isNaN, "CalibrationError: logits that are not a number")
      let position = Int((confidence * Double(bins.count)).rounded(.up)) - 1
      let bin = min(max(position, 0), bins.count - 1)
      bins[bin].count += 1
      bins[bin].correct += guess == label ? 1 : 0
      bins[bin].sum += confidence
    }
  }

  /// Takes in the examples of another one.
  public mutating func add(_ other: CalibrationError) {
    require(
      bins.count == other.bins.count,
      "CalibrationError: \(bins.count) bins and \(other.bins.count) bins")
    for (index, bin) in other.bins.enumerated() {
      bins[index].count += bin.count
      bins[index].correct += bin.correct
      bins[index].sum += bin.sum
    }
  }

  private var filled: [Bin] { bins.filter { $0.count > 0 } }

  private func gap(_ bin: Bin) -> Double { abs(bin.accuracy - bin.confidence) }
}
