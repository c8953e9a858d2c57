import Core
import Datasets
import Optim

/// A training of the network, with what it was like several times an epoch.
struct FashionTraining {
  /// Loss and accuracy at a time, counted in epochs.
  struct Point {
    let epoch: Double
    let loss: Double
    let accuracy: Double
  }

  let model: FashionNetwork
  let images: IDXImages
  /// On the batches just learnt, before each was learnt.
  private(set) var training: [Point] = []
  /// On the test part.
  private(set) var test: [Point] = []

  /// How often an epoch the training part is reported, and the test part evaluated.
  private static let reports = (training: 12, test: 3)

  init(_ model: FashionNetwork, on images: IDXImages) {
    self.model = model
    self.images = images
  }

  /// Trains with Adam at a constant rate.
  mutating func run(
    epochs: Int, batchSize: Int, rate: Double, using generator: inout RandomGenerator,
    console: Console
  ) throws(DivergenceError) {
    guard epochs > 0 else { return }
    var training = Optimizing(model, with: Adam(learningRate: rate))
    var progress = ProgressBar(
      total: epochs * images.training.count, unit: "pictures", console: console)
    for epoch in 1...epochs {
      let batches = images.training.batches(of: batchSize, using: &generator)
      var (loss, right, seen) = (0.0, 0.0, 0)
      for (index, batch) in batches.enumerated() {
        let (value, gradients, logits) = valueWithGradient(of: model) {
          let logits = model(batch.inputs)
          return (softmaxCrossEntropy(logits: logits, labels: batch.labels), logits)
        }
        training.update(along: gradients)
        loss += value.item() * Double(batch.count)
        right += (logits.argmax(along: 1) .== batch.labels).cast(to: .float32).sum().item()
        seen += batch.count
        progress.advance(by: batch.count, label: "epoch \(epoch)/\(epochs)")
        let now = Double(epoch - 1) + Double(index + 1) / Double(batches.count)
        if isDue(index, of: batches.count, Self.reports.training) {
          self.training.append(
            Point(epoch: now, loss: loss / Double(seen), accuracy: right / Double(seen)))
          (loss, right, seen) = (0, 0, 0)
        }
        if isDue(index, of: batches.count, Self.reports.test) { evaluate(at: now) }
      }
      report(epoch, of: epochs, &progress)
      guard let last = self.training.last, last.loss.isFinite else {
        throw DivergenceError(epoch: epoch)
      }
    }
    progress.clear()
  }

  func evaluation() -> Evaluation {
    Evaluation(of: model, on: images.test, classes: images.classCount)
  }

  /// Whether one of `reports` evenly spaced marks falls on this batch.
  private func isDue(_ index: Int, of count: Int, _ reports: Int) -> Bool {
    (index + 1) * reports / count > index * reports / count
  }

  private mutating func evaluate(at epoch: Double) {
    let result = evaluation()
    test.append(Point(epoch: epoch, loss: result.loss, accuracy: result.accuracy))
  }

  private func report(_ epoch: Int, of epochs: Int, _ progress: inout ProgressBar) {
    guard let seen = training.last, let unseen = test.last else { return }
    progress.print(
      "epoch \(epoch)/\(epochs)   loss \(fixed(seen.loss, 4)) (test \(fixed(unseen.loss, 4)))"
        + "   accuracy \(fixed(seen.accuracy, 4)) (test \(fixed(unseen.accuracy, 4)))")
  }
}
