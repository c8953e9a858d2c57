import Core

/// A training that can be watched, stopped early, and gone on with after it was killed.
///
/// ```swift
/// var trainer = Trainer(
///   model, with: AdamW(), stopping: EarlyStopping(of: model, patience: 5),
///   watching: "validation loss")
/// try trainer.run(
///   epochs: 50, over: { digits.training.batches(of: 32, using: &$0) },
///   loss: { model, batch in
///     softmaxCrossEntropy(logits: model(batch.inputs), labels: batch.labels)
///   },
///   evaluation: { model in ["validation loss": …, "accuracy": …] },
///   checkpoints: try Checkpoints(directory: "run"),
///   onEpoch: { print($0) })
/// try trainer.history.write(csv: "run/history.csv")
/// ```
///
/// The loop is the one that you would write: for each batch the loss, its gradients, an update; after
/// each pass the evaluation in inference mode, a line in the ``history``, a checkpoint, early
/// stopping. Whatever changes the gradients (clipping, decay, schedules) composes with the rule. Where
/// a training needs another loop, write that loop: the parts are the same.
///
/// It is a `TrainingState`: the model, the rule's memory, the order of the data, the history and early
/// stopping are kept in checkpoints, so that a training that was killed ends with the same bits.
public struct Trainer<Model: Layer, Rule: Optimizer> {
  /// What is trained.
  public let model: Model
  /// The model with its rule, whose settings may be changed between passes.
  public var training: Optimizing<Rule>
  /// What came of each pass, by epoch: the mean `loss`, then what the evaluation gave.
  public private(set) var history = TrainingHistory()
  /// Whole passes done, of earlier runs too.
  public private(set) var epoch = 0
  /// Whether the watched metric is to end the training.
  public private(set) var stopping: EarlyStopping?
  /// The metric that early stopping looks at and that ranks checkpoints.
  public let watched: String
  /// How many batches make one update.
  public let accumulation: Int

  private var generator: RandomGenerator

  /// - Parameters:
  ///   - model: What is trained.
  ///   - rule: How.
  ///   - seed: Fixes the order of the data; drawn from the innermost `withRandom` unless given.
  ///   - stopping: Ends the training early, and then brings the best weights back; none by default.
  ///   - watched: The metric that early stopping looks at and that ranks checkpoints: `loss`, the
  ///     training's, unless told otherwise.
  ///   - accumulation: How many batches make one update; 1 unless told otherwise. What is left at
  ///     the end of a pass makes one, too.
  public init(
    _ model: Model, with rule: Rule, seed: UInt64? = nil, stopping: EarlyStopping? = nil,
    watching watched: String = "loss", accumulating accumulation: Int = 1
  ) {
    require(accumulation > 0, "Trainer: accumulating \(accumulation) batches")
    self.model = model
    self.stopping = stopping
    self.watched = watched
    self.accumulation = accumulation
    training = Optimizing(model, with: rule)
    generator = seed.map { RandomGenerator(seed: $0) } ?? RandomGenerator.split()
  }

  /// Goes on with the last good checkpoint of a folder, if there is one.
  ///
  /// - Returns: Whether there was one.
  @discardableResult
  public mutating func resume(from checkpoints: Checkpoints) throws(StateFileError) -> Bool {
    guard let last = try checkpoints.latest(fallingBack: true) else { return false }
    try last.restore(&self)
    return true
  }

  /// Trains until `epochs` passes are done, those of earlier runs included, or until early stopping
  /// ends it.
  ///
  /// - Parameters:
  ///   - epochs: Passes in all.
  ///   - batches: The batches of a pass, in an order drawn from the generator.
  ///   - loss: Of a batch, a scalar; it runs in training mode.
  ///   - evaluation: Metrics by name after each pass; it runs in inference mode. None by default.
  ///   - checkpoints: Where the state is saved after each pass; nowhere by default.
  ///   - onBatch: Sees each batch's number in its pass, from 1, and its loss, such as for a progress
  ///     bar; by default nobody does.
  ///   - onEpoch: Sees each pass's results, and may throw to end the training; by default nobody
  ///     does.
  /// - Throws: ``TrainingDiverged`` for a loss that is not finite, before it reaches the weights;
  ///   and what the closures and checkpoints throw.
  public mutating func run<Batches: Sequence>(
    epochs: Int, over batches: (inout RandomGenerator) throws -> Batches,
    loss: (Model, Batches.Element) throws -> Tensor,
    evaluation: (Model) throws -> KeyValuePairs<String, Double> = { _ in [:] },
    checkpoints: Checkpoints? = nil, onBatch: (Int, Double) throws -> Void = { _, _ in },
    onEpoch: (TrainerReport) throws -> Void = { _ in }
  ) throws {
    while epoch < epochs, !(stopping?.progress.isStalled ?? false) {
      let clock = ContinuousClock()
      let start = clock.now
      let meanLoss = try pass(over: batches(&generator), loss: loss, onBatch: onBatch)
      let metrics = try inMode(.inference) { try evaluation(model) }
      epoch += 1
      history.record("loss", meanLoss, at: epoch)
      for (name, value) in metrics { history.record(name, value, at: epoch) }
      let metric = watchedValue(loss: meanLoss, metrics)
      let bestBefore = stopping?.progress.best
      _ = stopping?.shouldStop(after: metric)
      try checkpoints?.save(self, metric: metric)
      try onEpoch(
        TrainerReport(
          epoch: epoch, epochs: epochs, metrics: [("loss", meanLoss)] + metrics.map { ($0, $1) },
          isBest: stopping.map { $0.progress.best != bestBefore } ?? false,
          duration: clock.now - start))
    }
    if let stopping, stopping.progress.isStalled { stopping.restoreBest() }
  }

  /// One pass over the data; returns the mean of the batches' losses.
  private mutating func pass<Batch>(
    over batches: some Sequence<Batch>, loss: (Model, Batch) throws -> Tensor,
    onBatch: (Int, Double) throws -> Void
  ) throws -> Double {
    var mean = RunningMean()
    var accumulator = GradientAccumulator(over: accumulation)
    var number = 0
    for batch in batches {
      number += 1
      let (value, gradients) = try valueWithGradient(of: model) { try loss(model, batch) }
      let loss = value.item()
      guard loss.isFinite else {
        throw TrainingDiverged(epoch: epoch + 1, batch: number, loss: loss)
      }
      if let gradients = accumulator.add(gradients) { training.update(along: gradients) }
      mean.add(loss)
      try onBatch(number, loss)
    }
    if let gradients = accumulator.finish() { training.update(along: gradients) }
    return mean.value
  }

  private func watchedValue(
    loss: Double, _ metrics: KeyValuePairs<String, Double>
  ) -> Double {
    if watched == "loss" { return loss }
    guard let found = metrics.first(where: { $0.key == watched }) else {
      trap(
        "Trainer: watching '\(watched)', but the evaluation gives \(metrics.map(\.key)); give it that name"
      )
    }
    return found.value
  }
}

extension Trainer: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("model", layer: model)
    visitor.visit("training", within: &training)
    visitor.visit("generator", within: &generator)
    visitor.visit("history", within: &history)
    visitor.visit("epoch", &epoch)
    if var stopping {
      visitor.visit("stopping", within: &stopping)
      self.stopping = stopping
    }
  }
}
