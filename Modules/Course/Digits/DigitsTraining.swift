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
  let generator: RandomGenerator
  /// Where to save on the way, if at all.
  let checkpoints: CheckpointFolder?
  /// What changes pictures before each is learnt, by the innermost `withRandom`; nothing by default.
  var augmentation: [any Augmentation] = []
  /// The evaluations after each epoch.
  private(set) var history: [EpochEvaluation] = []

  init(
    _ model: Model, on digits: DigitsData, epochs: Int, batchSize: Int,
    generator: RandomGenerator, checkpoints: CheckpointFolder? = nil
  ) {
    self.model = model
    self.digits = digits
    self.epochs = epochs
    self.batchSize = batchSize
    self.generator = generator
    self.checkpoints = checkpoints
  }

  /// Trains with a rule whose rate falls to 0 along half a cosine wave.
  ///
  /// - Parameter isBrief: Whether epochs pass without a report.
  mutating func run(
    with rule: some Optimizer & RateAdjustable, isBrief: Bool = false, console: Console
  ) throws {
    guard epochs > 0 else { return }
    let updates = epochs * digits.training.batches(of: batchSize).count
    var run = DigitsRun(
      model: model, training: Optimizing(model, with: rule.scheduled(.cosine(over: updates))),
      position: DataPosition(generator: generator))
    defer { history = run.history }
    if let file = try checkpoints?.resume(&run) {
      console.write(
        "resumed from \(file): \(run.position.epoch) epochs and \(run.position.batch) batches done\n"
      )
    }
    var progress = ProgressBar(
      total: epochs * digits.training.count, unit: digits.noun,
      done: run.position.epoch * digits.training.count + run.position.batch * batchSize,
      console: console)
    let training = digits.training
    while true {
      // A checkpoint may lie between the last batch of an epoch and its evaluation.
      if run.history.count < run.position.epoch {
        try finishEpoch(&run, &progress, isBrief)
      }
      guard run.position.epoch < epochs else { break }
      for batch in run.position.rest(of: { training.batches(of: batchSize, using: &$0) }) {
        let inputs = augmented(batch.inputs)
        let (_, gradients) = valueWithGradient(of: model) {
          softmaxCrossEntropy(logits: model(inputs), labels: batch.labels)
        }
        run.training.update(along: gradients)
        progress.advance(by: batch.count, label: "epoch \(run.history.count + 1)/\(epochs)")
        run.position.advance()
        try checkpoints?.save(run, afterBatch: run.position.batch)
      }
    }
    progress.clear()
  }

  private func finishEpoch<Rule: Optimizer>(
    _ run: inout DigitsRun<Model, Rule>, _ progress: inout ProgressBar, _ isBrief: Bool
  ) throws {
    let result = EpochEvaluation(
      training: evaluation(on: digits.training), test: evaluation(on: digits.test))
    run.history.append(result)
    if !isBrief { progress.print(report(run.history.count, result)) }
    guard result.training.loss.isFinite else { throw DivergenceError(epoch: run.history.count) }
    try checkpoints?.save(run, metric: result.test.loss)
  }

  /// [picture, pixel], each changed at random.
  private func augmented(_ pixels: Tensor) -> Tensor {
    if augmentation.isEmpty { return pixels }
    var generator = RandomGenerator.split()
    let pictures = pixels.reshaped(Shape([pixels.shape[0], 1] + digits.size))
    return augmentation(pictures, using: &generator).flattened(from: 1)
  }

  func evaluation(on dataset: Dataset) -> Evaluation {
    Evaluation(of: model, on: dataset, classes: digits.classCount)
  }

  private func report(_ epoch: Int, _ result: EpochEvaluation) -> String {
    let (training, test) = (result.training, result.test)
    let number = String(epoch).padded(to: String(epochs).count)
    return "epoch \(number)/\(epochs)"
      + "   loss \(fixed(training.loss, 4)) (test \(fixed(test.loss, 4)))"
      + "   accuracy \(fixed(training.accuracy, 4)) (test \(fixed(test.accuracy, 4)))"
  }
}

/// All that changes in a training of digits.
struct DigitsRun<Model: Layer, Rule: Optimizer>: TrainingState {
  let model: Model
  var training: Optimizing<Rule>
  var position: DataPosition
  /// One for each epoch done, as soon as it has been evaluated.
  var history: [EpochEvaluation] = []

  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("model", layer: model)
    visitor.visit("training", within: &training)
    visitor.visit("position", within: &position)
    visitor.visit("history", each: &history, initial: EpochEvaluation())
  }
}

/// A training whose loss left the numbers.
struct DivergenceError: Error, CustomStringConvertible {
  let epoch: Int

  var description: String {
    "the loss is no longer finite after epoch \(epoch); try a smaller --learning-rate"
  }
}
