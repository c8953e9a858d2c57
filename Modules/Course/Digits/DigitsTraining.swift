import Core
import Datasets
import Optim

/// A training of a network, epoch by epoch.
struct DigitsTraining<Model: Layer> where Model.Input == Tensor, Model.Output == Tensor {
  let model: Model
  let digits: DigitsData
  let epochs: Int
  let batchSize: Int
  /// Shuffles the training part anew for each epoch.
  var generator: RandomGenerator
  /// The evaluations after each epoch.
  private(set) var history: [(training: Evaluation, test: Evaluation)] = []

  init(
    _ model: Model, on digits: DigitsData, epochs: Int, batchSize: Int,
    generator: RandomGenerator
  ) {
    self.model = model
    self.digits = digits
    self.epochs = epochs
    self.batchSize = batchSize
    self.generator = generator
  }

  /// Trains with a rule whose rate falls to 0 along half a cosine wave.
  ///
  /// - Parameter isBrief: Whether epochs pass without a report.
  mutating func run(
    with rule: some Optimizer & RateAdjustable, isBrief: Bool = false, console: Console
  ) throws(DivergenceError) {
    guard epochs > 0 else { return }
    let updates = epochs * digits.training.batches(of: batchSize).count
    var training = Optimizing(model, with: rule.scheduled(.cosine(over: updates)))
    var progress = ProgressBar(
      total: epochs * digits.training.count, unit: digits.noun, console: console)
    for epoch in 1...epochs {
      for batch in digits.training.batches(of: batchSize, using: &generator) {
        let (_, gradients) = valueWithGradient(of: model) {
          softmaxCrossEntropy(logits: model(batch.inputs), labels: batch.labels)
        }
        training.update(along: gradients)
        progress.advance(by: batch.count, label: "epoch \(epoch)/\(epochs)")
      }
      let (seen, unseen) = (evaluation(on: digits.training), evaluation(on: digits.test))
      history.append((seen, unseen))
      if !isBrief { progress.print(report(epoch, seen, unseen)) }
      guard seen.loss.isFinite else { throw DivergenceError(epoch: epoch) }
    }
    progress.clear()
  }

  func evaluation(on dataset: Dataset) -> Evaluation {
    Evaluation(of: model, on: dataset, classes: digits.classCount)
  }

  private func report(_ epoch: Int, _ training: Evaluation, _ test: Evaluation) -> String {
    let number = String(epoch).padded(to: String(epochs).count)
    return "epoch \(number)/\(epochs)"
      + "   loss \(fixed(training.loss, 4)) (test \(fixed(test.loss, 4)))"
      + "   accuracy \(fixed(training.accuracy, 4)) (test \(fixed(test.accuracy, 4)))"
  }
}

/// A training whose loss left the numbers.
struct DivergenceError: Error, CustomStringConvertible {
  let epoch: Int

  var description: String {
    "the loss is no longer finite after epoch \(epoch); try a smaller --learning-rate"
  }
}
