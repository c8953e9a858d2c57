import Core
import Datasets
import Optim

/// A training of a language model, epoch by epoch: one pass over the text in windows, whose states go
/// from each to the next.
struct LanguageTraining<Model: LanguageModel> {
  let model: Model
  let text: LanguageText
  let epochs: Int
  let batch: Int
  let window: Int
  /// Multiplies the rate after each epoch.
  let decay: Double
  /// The greatest norm of a gradient.
  let clip: Double
  /// Where to save on the way, if at all.
  let checkpoints: CheckpointFolder?
  /// The perplexities after each epoch.
  private(set) var history: [LanguageEpoch] = []

  init(
    _ model: Model, on text: LanguageText, epochs: Int, batch: Int, window: Int, decay: Double,
    clip: Double, checkpoints: CheckpointFolder?
  ) throws {
    self.model = model
    self.text = text
    self.epochs = epochs
    self.batch = batch
    self.window = window
    self.decay = decay
    self.clip = clip
    self.checkpoints = checkpoints
    for (part, tokens) in [("learn", text.training), ("test", text.heldOut)]
    where windows(tokens).isEmpty {
      throw OptionError(
        "--batch: \(tokens.count) \(text.noun) to \(part) do not make \(batch) streams")
    }
  }

  private func windows(_ tokens: [Int]) -> TextWindows {
    TextWindows(tokens, batch: batch, length: window)
  }

  /// Trains with a rule, whose gradients are clipped and whose rate decays.
  mutating func run(with rule: some Optimizer & RateAdjustable, console: Console) throws {
    guard epochs > 0 else { return }
    let windows = windows(text.training)
    let rule = rule.clipped(toNorm: clip).scheduled(.steps(every: windows.count, by: decay))
    var run = LanguageRun(
      model: model, training: Optimizing(model, with: rule),
      position: DataPosition(generator: .split()))
    defer { history = run.history }
    if let file = try checkpoints?.resume(&run) {
      console.write(
        "resumed from \(file): \(run.position.epoch) epochs and \(run.position.batch) windows done\n"
      )
    }
    var progress = ProgressBar(
      total: epochs * windows.targetCount, unit: text.noun,
      done: run.position.epoch * windows.targetCount + run.position.batch * window * batch,
      console: console)
    while true {
      // A checkpoint may lie between the last window of an epoch and its evaluation.
      if run.history.count < run.position.epoch { try finishEpoch(&run, &progress) }
      guard run.position.epoch < epochs else { break }
      for window in run.position.rest(of: { _ in windows }) {
        step(&run, window)
        progress.advance(
          by: window.targets.count, label: "epoch \(run.history.count + 1)/\(epochs)")
        run.position.advance()
        try checkpoints?.save(run, afterBatch: run.position.batch)
      }
    }
    progress.clear()
  }

  private func step<Rule>(_ run: inout LanguageRun<Model, Rule>, _ window: TextWindows.Window) {
    var carried = run.carried
    let (loss, gradients) = valueWithGradient(of: model) {
      softmaxCrossEntropy(
        logits: model.logits(window.inputs, carrying: &carried), labels: window.targets)
    }
    run.training.update(along: gradients)
    run.carried = carried
    run.learnt.add(
      surprise: loss.item() * Double(window.targets.count), of: window.targets.count)
  }

  private func finishEpoch<Rule: Optimizer>(
    _ run: inout LanguageRun<Model, Rule>, _ progress: inout ProgressBar
  ) throws {
    let result = LanguageEpoch(training: run.learnt.value, heldOut: heldOut().value)
    run.history.append(result)
    run.learnt = Perplexity()
    run.carried = Model.nothing
    let number = String(run.history.count).padded(to: String(epochs).count)
    progress.print(
      "epoch \(number)/\(epochs)   perplexity \(fixed(result.training, 2))"
        + " (held out \(fixed(result.heldOut, 2)))")
    guard result.training.isFinite, result.heldOut.isFinite else {
      throw DivergenceError(epoch: run.history.count)
    }
    try checkpoints?.save(run, metric: result.heldOut)
  }

  /// How surprised the model is by what it did not see.
  func heldOut() -> Perplexity {
    var (result, carried) = (Perplexity(), Model.nothing)
    for window in windows(text.heldOut) {
      result.add(
        logits: model.logits(window.inputs, carrying: &carried), labels: window.targets)
    }
    return result
  }
}

/// The perplexities of an epoch: the mean while it learnt, and after it on what it did not see.
struct LanguageEpoch: TrainingState {
  var training = Double.nan
  var heldOut = Double.nan

  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("training", &training)
    visitor.visit("heldOut", &heldOut)
  }
}

/// All that changes in a training of a language model.
struct LanguageRun<Model: LanguageModel, Rule: Optimizer>: TrainingState {
  let model: Model
  var training: Optimizing<Rule>
  var position: DataPosition
  /// From the last window to the next.
  var carried = Model.nothing
  /// Of this epoch.
  var learnt = Perplexity()
  var history: [LanguageEpoch] = []

  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("model", layer: model)
    visitor.visit("training", within: &training)
    visitor.visit("position", within: &position)
    var extents = Array(carried.shape)
    visitor.visit("carried.shape", list: &extents)
    var values = carried.reshaped([-1])
    visitor.visit("carried", list: &values)
    if values.count == extents.reduce(1, *) { carried = values.reshaped(Shape(extents)) }
    visitor.visit("learnt", within: &learnt)
    visitor.visit("history", each: &history, initial: LanguageEpoch())
  }
}
