import Core
import Optim
import Probabilistic

// A training step of a mixture density network.

extension Catalogue {
  static var probabilistic: [Row] {
    [
      Row("train/mdn-1-64-5-b256-adam", items: 256) {
        let layout = MixtureLayout(components: 5)
        let model = Sequential {
          Dense(1, 64, activation: .tanh)
          Dense(64, layout.width)
        }
        let batches = (0..<8).map { _ in (inputs: normal([256, 1]), targets: normal([256, 1])) }
        return step(model, Adam(learningRate: 1e-3), batches) { model, batch in
          mixtureNegativeLogLikelihood(
            model(batch.inputs), targets: batch.targets, layout: layout)
        }
      }
    ]
  }
}
