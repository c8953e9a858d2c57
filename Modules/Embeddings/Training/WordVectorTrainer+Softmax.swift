import Core

extension WordVectorTrainer {
  /// Predictions whose gradients are taken together.
  private static var batch: Int { 32 }

  /// One pass with the full softmax:
  ///
  ///     −log P(w | h) = log Σᵥ exp(h·uᵥ) − h·u_w
  ///
  /// By matrix products over small batches; a batch's gradients are summed, as if its predictions
  /// had come one after the other.
  mutating func trainSoftmax(on text: Sentences) -> WordTrainingProgress {
    var progress = WordTrainingProgress()
    var batch = Predictions()
    let ranges = settings.windows.ranges(in: text, using: &windowGenerator)
    for (position, range) in ranges.enumerated() where range.count > 1 {
      let word = text.words[position]
      let neighbours = range.filter { $0 != position }.map { text.words[Int($0)] }
      progress.pairs += neighbours.count
      switch settings.architecture {
      case .skipGram:
        for neighbour in neighbours { batch.append(from: [word], to: neighbour) }
      case .bagOfWords: batch.append(from: neighbours, to: word)
      }
      if batch.count >= Self.batch { progress += step(&batch) }
    }
    if batch.count > 0 { progress += step(&batch) }
    return progress
  }

  private mutating func step(_ batch: inout Predictions) -> WordTrainingProgress {
    let count = batch.count
    let sources = Tensor(batch.sources)
    let owners = Tensor(batch.owners)
    let labels = Tensor(batch.labels)
    let shares = Tensor(batch.shares).cast(to: .float32).reshaped([-1, 1])
    let rows = tables.input.gathered(at: sources) * shares
    let hidden = Tensor.zeros([count, tables.input.shape[1]]).adding(rows, at: owners)
    let (loss, gradient) = valueWithGradient(at: hidden, tables.output) { hidden, output in
      softmaxCrossEntropy(
        logits: matmul(hidden, output.transposed()), labels: labels, reduction: .sum)
    }
    let moves = gradient.0.gathered(at: owners) * shares
    tables.input = tables.input.adding(-learningRate * moves, at: sources)
    tables.output = tables.output - learningRate * gradient.1
    batch = Predictions()
    return WordTrainingProgress(loss: loss.item(), targets: count)
  }
}

/// Words to predict, each from the mean of some words.
private struct Predictions {
  var labels: [Int] = []
  /// The words that the means are of, end to end; beside each, which mean it belongs to and its
  /// share in it.
  var sources: [Int] = []
  var owners: [Int] = []
  var shares: [Double] = []

  var count: Int { labels.count }

  mutating func append(from words: [Int32], to label: Int32) {
    for word in words {
      sources.append(Int(word))
      owners.append(labels.count)
      shares.append(1 / Double(words.count))
    }
    labels.append(Int(label))
  }
}
