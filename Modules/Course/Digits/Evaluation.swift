import Core
import Datasets

/// How well a classifier does on a dataset.
struct Evaluation {
  /// The mean cross-entropy.
  let loss: Double
  /// How often each class (row) was taken for each class (column).
  let confusion: [[Int]]

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
