/// What came of one pass of a ``Trainer``.
///
/// ```
/// epoch 3/20  loss 0.1234  accuracy 0.9688  2.1 s  *
/// ```
public struct TrainerReport: Sendable, CustomStringConvertible {
  /// The number of the pass, from 1, and how many there are to be.
  public let epoch, epochs: Int
  /// The mean `loss` of the batches, then what the evaluation gave.
  public let metrics: [(name: String, value: Double)]
  /// Whether early stopping has seen none as good before; `false` without early stopping.
  public let isBest: Bool
  /// The pass with its evaluation.
  public let duration: Duration

  /// A metric by its name.
  public subscript(name: String) -> Double? { metrics.first { $0.name == name }?.value }

  /// A line, with a star where the pass was the best so far.
  public var description: String {
    let seconds =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    let values = metrics.map { "\($0.name) \(shortened($0.value))" }
    return
      (["epoch \(epoch)/\(epochs)"] + values + ["\((seconds * 10).rounded() / 10) s"]
      + (isBest ? ["*"] : [])).joined(separator: "  ")
  }

  /// Four digits after the point, or four that count.
  private func shortened(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6, value != 0 else { return "\(value)" }
    var scale = 1e4
    while abs(value) * scale < 1000, scale < 1e12 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}

/// A loss that was not finite, with which a ``Trainer`` did not go on.
public struct TrainingDiverged: Error, Equatable, CustomStringConvertible {
  /// The pass and its batch, from 1.
  public let epoch, batch: Int
  /// The loss: an infinity or NaN.
  public let loss: Double

  public var description: String {
    """
    epoch \(epoch), batch \(batch): the loss is \(loss); try a lower learning rate, a warm-up, or \
    clipped gradients
    """
  }
}
