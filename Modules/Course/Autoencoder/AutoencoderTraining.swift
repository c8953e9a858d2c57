import Conv
import Core
import Optim

/// One auto-encoder and how its training went.
struct AutoencoderTraining {
  let name: String
  let model: ConvolutionalAutoencoder
  /// The mean squared errors after each epoch.
  private(set) var history: [(training: Double, test: Double)] = []

  init(_ name: String, _ model: ConvolutionalAutoencoder) {
    self.name = name
    self.model = model
  }

  /// Trains with Adam, at a rate that falls to 0 along half a cosine wave.
  ///
  /// - Parameter generator: Orders the batches; a copy gives another model the same ones.
  mutating func run(
    on data: AutoencoderData, epochs: Int, batchSize: Int, rate: Double,
    generator: RandomGenerator, console: Console
  ) throws(DivergenceError) {
    guard epochs > 0 else { return }
    var generator = generator
    let updates = epochs * data.training.batches(of: batchSize).count
    let rule = Adam(learningRate: rate).scheduled(.cosine(over: updates))
    var training = Optimizing(model, with: rule)
    var progress = ProgressBar(
      total: epochs * data.training.count, unit: "pictures", console: console)
    for epoch in 1...epochs {
      for batch in data.training.batches(of: batchSize, using: &generator) {
        let (_, gradients) = valueWithGradient(of: model) {
          meanSquaredError(model(batch.inputs), batch.inputs)
        }
        training.update(along: gradients)
        progress.advance(by: batch.count, label: "\(name)  epoch \(epoch)/\(epochs)")
      }
      let errors = (error(on: data.training.inputs), error(on: data.test.inputs))
      history.append(errors)
      let number = String(epoch).padded(to: String(epochs).count)
      progress.print(
        "\(name.filled(to: 6))  epoch \(number)/\(epochs)   squared error "
          + "\(fixed(errors.0, 5)) (test \(fixed(errors.1, 5)))")
      guard errors.0.isFinite else { throw DivergenceError(epoch: epoch) }
    }
    progress.clear()
  }

  /// The mean squared error per pixel.
  func error(on images: Tensor) -> Double {
    var sum = 0.0
    let count = images.shape[0]
    for start in stride(from: 0, to: count, by: 512) {
      let part = images[start..<min(start + 512, count)]
      sum += meanSquaredError(model(part), part).item() * Double(part.shape[0])
    }
    return sum / Double(max(count, 1))
  }
}
