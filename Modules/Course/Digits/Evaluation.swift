import Core
import Datasets

/// How well a classifier does on a dataset.
struct Evaluation {
  /// The mean cross-entropy.
  private(set) var loss: Double
  /// How often each class (row) was taken for each class (column).
  private(set) var confusion: [[Int]]

  /// The share of right answers.
  var accuracy: Double {
    let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
    let total = confusion.joined().reduce(0, +)
    return total > 0 ? Double(right) / Double(total) : 0
  }

  /// The two classes that were mixed up most often, if any were: how often one was taken for the
  /// other, among how many of its kind.
  var commonestMistake: (label: Int, answer: Int, count: Int, total: Int)? {
    var worst: (label: Int, answer: Int, count: Int, total: Int)?
    for (label, row) in confusion.enumerated() {
      for (answer, count) in row.enumerated() where answer != label && count > worst?.count ?? 0 {
        worst = (label, answer, count, row.reduce(0, +))
      }
    }
    return worst
  }

  init(of model: some Layer<Tensor, Tensor>, on dataset: Dataset, classes: Int) {
    var loss = 0.0
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for batch in dataset.batches(of: 512) {
      let logits = model(batch.inputs)
      loss += softmaxCrossEntropy(logits: logits, labels: batch.labels, reduction: .sum).item()
      let answers = logits.argmax(along: 1).scalars(as: Int.self)
      for (label, answer) in zip(batch.labels.scalars(as: Int.self), answers) {
        confusion[label][answer] += 1
      }
    }
    self.loss = loss / Double(max(dataset.count, 1))
    self.confusion = confusion
  }
}

extension Evaluation: TrainingState {
  /// Nothing evaluated.
  init() { (loss, confusion) = (.nan, []) }

  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("loss", &loss)
    // Row by row: the table is square.
    var counts = Array(confusion.joined())
    visitor.visit("confusion", list: &counts)
    let classes = Int(Double(counts.count).squareRoot())
    confusion = (0..<classes).map { Array(counts[$0 * classes..<($0 + 1) * classes]) }
  }
}

/// How well a classifier does after an epoch, on what it learnt and on what it did not see.
struct EpochEvaluation: TrainingState {
  var training = Evaluation()
  var test = Evaluation()

  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("training", within: &training)
    visitor.visit("test", within: &test)
  }
}
