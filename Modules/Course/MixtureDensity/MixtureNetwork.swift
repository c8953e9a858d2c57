import Core
import Datasets
import Optim
import Probabilistic

/// A perceptron whose outputs parametrise a mixture of Gaussians over y, given x.
struct MixtureNetwork: Layer {
  let hidden: Dense
  let head: MixtureDensityHead

  init(hidden: Int, components: Int) {
    self.hidden = Dense(1, hidden, activation: .tanh)
    // Targets are standardised: a hundredth of their spread is narrow enough.
    head = MixtureDensityHead(hidden, components: components, minimumDeviation: 0.01)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { head(hidden(x)) }
}

/// A network with the scales of its data.
struct ConditionalDensity {
  let network: MixtureNetwork
  private let x: Standardization
  private let y: Standardization

  init(components: Int, hidden: Int, data: PairData.Pairs) {
    network = MixtureNetwork(hidden: hidden, components: components)
    x = Standardization(fitting: data.x)
    y = Standardization(fitting: data.y)
  }

  /// Adam with a falling rate, over shuffled batches.
  func train(
    on data: PairData.Pairs, epochs: Int, batch size: Int, rate: Double,
    using generator: inout RandomGenerator, progress: inout ProgressBar
  ) throws {
    let (inputs, targets) = (x(data.x), y(data.y))
    let updates = epochs * ((data.count + size - 1) / size)
    var training = Optimizing(
      network, with: Adam(learningRate: rate).scheduled(.cosine(over: updates)))
    for epoch in 1...epochs {
      let order = Tensor.randomPermutation(data.count, using: &generator)
      var loss = Tensor(0)
      for start in stride(from: 0, to: data.count, by: size) {
        let chosen = order[start..<min(start + size, data.count)]
        let (value, gradients) = valueWithGradient(of: network) {
          network.head.loss(
            network(inputs.gathered(at: chosen)), targets: targets.gathered(at: chosen))
        }
        training.update(along: gradients)
        loss = value
        progress.advance(
          by: chosen.count, label: "\(network.head.layout.components) components")
      }
      guard loss.item().isFinite else { throw DivergenceError(epoch: epoch) }
    }
  }

  /// p(y | x) in the units of the data, for [points, 1].
  func mixture(at points: Tensor) -> Mixture<Normal> {
    let standardized = network.head.layout.scalarMixture(network(x(points)))
    let (scale, shift) = (y.deviation, y.mean)
    return Mixture(
      weights: standardized.weights,
      components: Normal(
        mean: standardized.components.mean * scale + shift,
        deviation: standardized.components.deviation * scale))
  }
}
