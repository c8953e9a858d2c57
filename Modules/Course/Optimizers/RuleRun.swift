import Core
import Datasets
import Optim

/// A rule on the digits: a network of one hidden layer, always from the same weights and through
/// the same batches.
struct RuleRun {
  let name: String
  let rate: Double
  /// The updates at which the loss was looked at.
  let updates: [Double]
  /// The mean loss over the whole training part.
  let losses: [Double]
  /// The updates until the threshold, as far as it was looked at; `nil` if it was not reached.
  let steps: Int?
  let accuracy: Double

  /// A run counts as arrived where the training loss is below this.
  static let threshold = 0.1

  struct Setting {
    let training, test: Dataset
    let hidden, batch, epochs: Int
    let seed: UInt64

    /// How many updates one run has.
    var updateCount: Int { epochs * training.batches(of: batch).count }
  }

  /// The run with the rate that arrives first; of those that arrive together, or if none does, that
  /// whose loss ends lowest.
  static func best(of entry: RuleEntry, _ setting: Setting) -> RuleRun {
    let runs = RuleEntry.rates.map { RuleRun(entry, rate: $0, rule: entry.make($0), setting) }
    return runs.min { a, b in
      let (first, second) = (a.steps ?? .max, b.steps ?? .max)
      return first != second ? first < second : a.lastLoss < b.lastLoss
    }!
  }

  var lastLoss: Double { losses.last.map { $0.isFinite ? $0 : .infinity } ?? .infinity }

  private init(_ entry: RuleEntry, rate: Double, rule: some Optimizer, _ setting: Setting) {
    let training = setting.training
    let model = withRandom(seed: setting.seed) {
      Sequential {
        Dense(Digits.side * Digits.side, setting.hidden, activation: .softplus)
        Dense(setting.hidden, Digits.classCount)
      }
    }
    func loss(on dataset: Dataset) -> Tensor {
      softmaxCrossEntropy(logits: model(dataset.inputs), labels: dataset.labels)
    }
    var optimizing = Optimizing(model, with: rule)
    var generator = RandomGenerator(seed: setting.seed)
    var updates = [0.0]
    var losses = [loss(on: training).item()]
    let interval = max(1, setting.updateCount / 40)
    var count = 0
    run: for _ in 0..<setting.epochs {
      for batch in training.batches(of: setting.batch, using: &generator) {
        let (_, gradients) = valueWithGradient(of: model) { loss(on: batch) }
        optimizing.update(along: gradients)
        count += 1
        guard count % interval == 0 else { continue }
        updates.append(Double(count))
        losses.append(loss(on: training).item())
        // Ten times the loss of guessing: the rate is too large.
        guard losses[losses.count - 1] < 23 else { break run }
      }
    }
    name = entry.name
    self.rate = rate
    self.updates = updates
    self.losses = losses
    steps = losses.firstIndex { $0 <= Self.threshold }.map { Int(updates[$0]) }
    accuracy =
      Evaluation(of: model, on: setting.test, classes: Digits.classCount).accuracy
  }
}
