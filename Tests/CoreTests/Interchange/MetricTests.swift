import Core
import Foundation
import Testing

@Suite struct MetricTests {
  private let logits = Tensor([
    [2, 1, 0], [0, 3, 1], [1, 0, 2], [4, 4, 0], [0, 1, 5], [3, 2, 1],
  ])
  private let labels = Tensor([0, 1, 0, 1, 2, 1] as [Int])

  @Test func `accuracy counts the classes before the label's`() {
    var (first, second, all) = (Accuracy(), Accuracy(top: 2), Accuracy(top: 3))
    first.add(logits: logits, labels: labels)
    second.add(logits: logits, labels: labels)
    all.add(logits: logits, labels: labels)
    // Row 3 is a tie, which the lower class wins.
    #expect(first.correct == 3 && first.count == 6 && first.value == 0.5)
    #expect(second.correct == 6 && all.value == 1)
    #expect(Accuracy().value.isNaN)
    var broken = Accuracy(top: 3)
    broken.add(logits: Tensor([[.nan, 1, 2]]), labels: Tensor([0] as [Int]))
    #expect(broken.correct == 0 && broken.count == 1)
  }

  @Test func `batches add up to the whole, and ignored labels do not count`() {
    var (whole, parts, other) = (
      ConfusionMatrix(classes: 3), ConfusionMatrix(classes: 3), Accuracy()
    )
    whole.add(logits: logits, labels: labels)
    var rest = ConfusionMatrix(classes: 3)
    parts.add(logits: logits[0..<2], labels: labels[0..<2])
    rest.add(logits: logits[2..<6], labels: labels[2..<6])
    parts.add(rest)
    #expect(parts == whole)
    other.add(logits: logits.reshaped([2, 3, 3]), labels: labels.reshaped([2, 3]), ignoring: 1)
    #expect(other.count == 3 && other.correct == 2)
  }

  @Test func `the confusion matrix and what follows from it`() {
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(logits: logits, labels: labels)
    // Guesses: 0, 1, 2, 0, 2, 0.
    #expect(matrix[actual: 1, predicted: 0] == 2 && matrix[actual: 0, predicted: 2] == 1)
    #expect(matrix.count == 6 && matrix.accuracy == 0.5)
    #expect(matrix.precision(of: 0) == 1.0 / 3 && matrix.recall(of: 0) == 0.5)
    #expect(matrix.precision(of: 1) == 1 && matrix.recall(of: 1) == 1.0 / 3)
    #expect(matrix.f1(of: 2) == 2.0 / 3)
    #expect(abs(matrix.macroRecall - (0.5 + 1.0 / 3 + 1) / 3) < 1e-15)
    #expect(abs(matrix.macroPrecision - (1.0 / 3 + 1 + 0.5) / 3) < 1e-15)
    #expect(abs(matrix.macroF1 - (0.4 + 0.5 + 2.0 / 3) / 3) < 1e-15)
    #expect(matrix.description == "  0 1 2\n0 1 0 1\n1 2 1 0\n2 0 0 1")
    let empty = ConfusionMatrix(classes: 2)
    #expect(empty.precision(of: 0) == 0 && empty.f1(of: 1) == 0 && empty.accuracy == 0)
  }

  @Test func `perplexity is the exponential of the mean loss over tokens`() {
    let logits = logits.cast(to: .float64)
    var (perplexity, parts) = (Perplexity(), Perplexity())
    perplexity.add(logits: logits, labels: labels)
    let loss = softmaxCrossEntropy(logits: logits, labels: labels).item()
    #expect(abs(perplexity.crossEntropy - loss) < 1e-12)
    #expect(abs(log(perplexity.value) - loss) < 1e-12 && perplexity.count == 6)
    #expect(abs(perplexity.bitsPerToken - loss / log(2.0)) < 1e-12)
    parts.add(logits: logits[0..<1], labels: labels[0..<1])
    var rest = Perplexity()
    rest.add(logits: logits[1..<6], labels: labels[1..<6])
    parts.add(rest)
    #expect(abs(parts.value - perplexity.value) < 1e-12)
    // A uniform guess among n is a perplexity of n, at any height of the logits.
    var uniform = Perplexity()
    uniform.add(
      logits: Tensor.full([4, 7], 1000, dtype: .float64), labels: Tensor([0, 1, 2, 6] as [Int]))
    #expect(abs(uniform.value - 7) < 1e-12)
    uniform.add(surprise: 0, of: 4)
    #expect(abs(uniform.value - 7.0.squareRoot()) < 1e-12)
  }

  @Test func `calibration by hand`() {
    // Probabilities 0.8, 0.8, 0.6, 0.6 of the guess; right: yes, no, yes, yes. Two bins of five hold
    // them: |0.5 − 0.8| and |1 − 0.6|, two examples each.
    func row(_ p: Double) -> [Double] { [log(p), log(1 - p)] }
    var error = CalibrationError(bins: 5)
    error.add(
      logits: Tensor([row(0.8), row(0.8)], dtype: .float64), labels: Tensor([0, 1] as [Int]))
    #expect(error.bins[3].count + error.bins[4].count == 2)
    var other = CalibrationError(bins: 5)
    other.add(
      logits: Tensor([row(0.55), row(0.55)], dtype: .float64), labels: Tensor([0, 0] as [Int]))
    error.add(other)
    #expect(error.count == 4 && error.bins[2].accuracy == 1)
    #expect(abs(error.expected - (0.3 + 0.45) / 2) < 1e-12)
    #expect(abs(error.maximum - 0.45) < 1e-12)
    #expect(CalibrationError().expected.isNaN && CalibrationError().maximum.isNaN)
  }

  @Test func `a running mean keeps what rounding loses`() {
    var mean = RunningMean()
    mean.add(1e16)
    for _ in 0..<1000 { mean.add(1) }
    mean.add(-1e16)
    #expect(mean.value == 1000.0 / 1002)
    var weighted = RunningMean()
    weighted.add(1, weight: 3)
    weighted.add(5)
    #expect(weighted.value == 2 && RunningMean().value.isNaN)
    weighted.add(.infinity)
    #expect(weighted.value == .infinity)
  }

  @Test func `labels that are no classes trap`() async {
    await #expect(processExitsWith: .failure) {
      var accuracy = Accuracy()
      accuracy.add(logits: Tensor([[1, 2]]), labels: Tensor([2] as [Int]))
    }
    await #expect(processExitsWith: .failure) {
      var accuracy = Accuracy()
      accuracy.add(logits: Tensor([[1, 2]]), labels: Tensor([0, 1] as [Int]))
    }
  }
}
