#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rows of logits with their labels, as metrics look at them.
struct LabelledLogits {
  private let logits: [Double]
  private let labels: [Int]
  private let classCount: Int

  /// - Parameters:
  ///   - logits: [example…, class].
  ///   - labels: Integers, [example…].
  init(_ logits: Tensor, _ labels: Tensor, in operation: String) {
    require(
      logits.rank > 0 && Shape(logits.shape.dropLast()) == labels.shape,
      "\(operation): labels of shape \(labels.shape) do not fit logits of shape \(logits.shape)")
    require(
      !labels.dtype.isFloating && labels.dtype != .bool,
      "\(operation): labels are class numbers, not \(labels.dtype)")
    classCount = logits.shape[logits.rank - 1]
    self.logits = logits.detached.scalars(as: Double.self)
    self.labels = labels.scalars(as: Int.self)
  }

  /// Visits the rows whose label is not `ignored`; another one that is no class traps.
  func forEach(
    ignoring ignored: Int?, in operation: String,
    _ body: (_ row: ArraySlice<Double>, _ label: Int)
      -> Void
  ) {
    for (index, label) in labels.enumerated() where label != ignored {
      require(
        label >= 0 && label < classCount,
        "\(operation): the label \(label) is none of \(classCount) classes")
      body(logits[index * classCount..<(index + 1) * classCount], label)
    }
  }
}

extension ArraySlice<Double> {
  /// The position of the greatest, counted from the slice's start: of equals the first, and never
  /// NaN unless all are.
  var positionOfGreatest: Int {
    var best = startIndex
    for index in indices where self[index] > self[best] || self[best].isNaN { best = index }
    return best - startIndex
  }

  /// log Σ exp, stable.
  var logSumExp: Double {
    guard let top = self.max(), top.isFinite else { return self.max() ?? -.infinity }
    return top + log(reduce(0) { $0 + exp($1 - top) })
  }
}

/// eˣ of a Swift number, where the name alone is the tensors'.
func exponential(_ x: Double) -> Double { exp(x) }
