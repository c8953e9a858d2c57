/// How often each class was taken for which, and what follows from it.
///
/// ```
/// precision = true positives / predicted,   recall = true positives / actual
/// F1 = 2 · precision · recall / (precision + recall)
/// ```
///
/// ```swift
/// var confusion = ConfusionMatrix(classes: 10)
/// for batch in test.batches(of: 256) {
///   confusion.add(logits: model(batch.inputs), labels: batch.labels)
/// }
/// print(confusion)                                    // a row for each actual class
/// print(confusion.accuracy, confusion.macroF1, confusion.recall(of: 3))
/// ```
///
/// A quotient without examples (nothing predicted, nothing there) is 0, as in scikit-learn.
public struct ConfusionMatrix: Sendable, Equatable {
  /// How many classes there are.
  public let classCount: Int
  private var counts: [Int]

  /// - Parameter classes: How many there are.
  public init(classes: Int) {
    require(classes > 0, "ConfusionMatrix: \(classes) classes")
    classCount = classes
    counts = Array(repeating: 0, count: classes * classes)
  }

  /// How many examples of a class were taken for another, or for itself.
  public subscript(actual actual: Int, predicted predicted: Int) -> Int {
    require(
      actual >= 0 && actual < classCount && predicted >= 0 && predicted < classCount,
      "ConfusionMatrix: the classes \(actual) and \(predicted) of \(classCount)")
    return counts[actual * classCount + predicted]
  }

  /// Takes in a batch; the greatest logit is the guess, of equals the first.
  ///
  /// - Parameters:
  ///   - logits: [example…, class].
  ///   - labels: Class numbers, [example…]. One that is no class traps.
  ///   - ignored: A label whose examples do not count; none by default.
  public mutating func add(logits: Tensor, labels: Tensor, ignoring ignored: Int? = nil) {
    require(
      logits.shape.last == classCount,
      "ConfusionMatrix: logits of shape \(logits.shape) are not of \(classCount) classes")
    let rows = LabelledLogits(logits, labels, in: "ConfusionMatrix")
    rows.forEach(ignoring: ignored, in: "ConfusionMatrix") { row, label in
      counts[label * classCount + row.positionOfGreatest] += 1
    }
  }

  /// Takes in one example.
  public mutating func add(actual: Int, predicted: Int) {
    _ = self[actual: actual, predicted: predicted]
    counts[actual * classCount + predicted] += 1
  }

  /// Takes in the examples of another one.
  public mutating func add(_ other: ConfusionMatrix) {
    require(
      classCount == other.classCount,
      "ConfusionMatrix: \(classCount) classes and \(other.classCount) classes")
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  // MARK: - Shares

  /// How many examples there were.
  public var count: Int { counts.reduce(0, +) }

  /// The share that was right.
  public var accuracy: Double { quotient((0..<classCount).reduce(0) { $0 + right($1) }, count) }

  /// Of the examples taken for a class, the share that were of it.
  public func precision(of label: Int) -> Double {
    quotient(right(label), (0..<classCount).reduce(0) { $0 + self[actual: $1, predicted: label] })
  }

  /// Of the examples of a class, the share that were taken for it.
  public func recall(of label: Int) -> Double {
    quotient(right(label), (0..<classCount).reduce(0) { $0 + self[actual: label, predicted: $1] })
  }

  /// The harmonic mean of precision and recall.
  public func f1(of label: Int) -> Double {
    let (precision, recall) = (precision(of: label), recall(of: label))
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }

  /// The mean over classes, each counting the same.
  public var macroPrecision: Double { mean(precision) }
  /// The mean over classes, each counting the same: the balanced accuracy, where all occur.
  public var macroRecall: Double { mean(recall) }
  /// The mean over classes, each counting the same.
  public var macroF1: Double { mean(f1) }

  private func right(_ label: Int) -> Int { self[actual: label, predicted: label] }

  private func quotient(_ part: Int, _ whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
  }

  private func mean(_ share: (Int) -> Double) -> Double {
    (0..<classCount).reduce(0) { $0 + share($1) } / Double(classCount)
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// A line for each actual class, a column for each predicted one.
  public var description: String {
    let numbers = (0..<classCount).map(String.init)
    let cells =
      [[""] + numbers]
      + (0..<classCount).map { actual in
        [numbers[actual]] + (0..<classCount).map { "\(self[actual: actual, predicted: $0])" }
      }
    let width = cells.joined().map(\.count).max() ?? 0
    return cells.map { line in
      line.map { String(repeating: " ", count: width - $0.count) + $0 }.joined(separator: " ")
    }.joined(separator: "\n")
  }
}
