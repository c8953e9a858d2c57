/// The share of examples whose label is among the k classes of the greatest logits.
///
/// ```swift
/// var accuracy = Accuracy()
/// for batch in test.batches(of: 256) {
///   accuracy.add(logits: model(batch.inputs), labels: batch.labels)
/// }
/// print(accuracy.value)
/// ```
///
/// Of equal logits that of the lower class counts as the greater, as for `argmax`. An example whose
/// label's logit is NaN is wrong.
public struct Accuracy: Sendable, Equatable {
  /// k
  public let top: Int
  /// How many examples were right.
  public private(set) var correct = 0
  /// How many examples there were.
  public private(set) var count = 0

  /// - Parameter top: k; 1 unless told otherwise.
  public init(top: Int = 1) {
    require(top > 0, "Accuracy: the top \(top)")
    self.top = top
  }

  /// The share, in 0…1; NaN without examples.
  public var value: Double { Double(correct) / Double(count) }

  /// Takes in a batch.
  ///
  /// - Parameters:
  ///   - logits: [example…, class]; probabilities do as well.
  ///   - labels: Class numbers, [example…]. One that is no class traps.
  ///   - ignored: A label whose examples do not count, such as padding; none by default.
  public mutating func add(logits: Tensor, labels: Tensor, ignoring ignored: Int? = nil) {
    LabelledLogits(logits, labels, in: "Accuracy").forEach(ignoring: ignored, in: "Accuracy") {
      row, label in
      let own = row[row.startIndex + label]
      var before = own.isNaN ? top : 0
      for (index, logit) in row.enumerated()
      where logit > own || logit == own && index < label { before += 1 }
      correct += before < top ? 1 : 0
      count += 1
    }
  }

  /// Takes in what another one counted, of other examples.
  public mutating func add(_ other: Accuracy) {
    require(top == other.top, "Accuracy: the top \(top) and the top \(other.top)")
    correct += other.correct
    count += other.count
  }
}
