import Activations
import Core
import Optim

// Whole training steps: forward, mean loss, backward, optimizer, on eight random batches in turn.

extension Catalogue {
  static var training: [Row] {
    [
      Row("train/xor-2-8-1-b4-sgd", items: 4) {
        let model = Sequential {
          Dense(2, 8, activation: .tanh)
          Dense(8, 1)
        }
        let batches = (0..<8).map { _ in (inputs: normal([4, 2]), targets: bits([4, 1])) }
        return step(model, GradientDescent(learningRate: 0.01), batches) { model, batch in
          binaryCrossEntropy(logits: model(batch.inputs), targets: batch.targets)
        }
      },
      perceptron("train/mlp-784-128-10-softplus-b64-sgd", [784, 128, 10], batch: 64) {
        let model = Sequential {
          Dense(784, 128, activation: .softplus)
          Dense(128, 10)
        }
        return classification(model, GradientDescent(learningRate: 0.01), batch: 64)
      },
      perceptron("train/mlp-784-512-512-10-relu-b128-adam", [784, 512, 512, 10], batch: 128) {
        let model = Sequential {
          Dense(784, 512, activation: .relu)
          Dense(512, 512, activation: .relu)
          Dense(512, 10)
        }
        return classification(model, Adam(learningRate: 1e-3), batch: 128)
      },
    ]
  }

  /// Counts the products: one forward and two backward for each layer, but the first has no use for
  /// the gradient of its input.
  private static func perceptron(
    _ name: String, _ widths: [Int], batch: Int, prepare: @escaping () -> Row.Operation
  ) -> Row {
    let weights = zip(widths, widths.dropFirst()).map { Double($0 * $1) }
    let products = 3 * weights.reduce(0, +) - weights[0]
    return Row(
      name, flops: 2 * Double(batch) * products, items: Double(batch), prepare: prepare)
  }

  private static func classification<Model: Layer<Tensor, Tensor>>(
    _ model: Model, _ rule: some Optimizer, batch: Int
  ) -> Row.Operation {
    let batches = (0..<8).map { _ in
      (inputs: normal([batch, 784]), labels: labels(batch, classes: 10))
    }
    return step(model, rule, batches) { model, batch in
      softmaxCrossEntropy(logits: model(batch.inputs), labels: batch.labels)
    }
  }

  /// One training step after another, each on the next batch.
  static func step<Model: Layer, Batch>(
    _ model: Model, _ rule: some Optimizer, _ batches: [Batch],
    loss: @escaping (Model, Batch) -> Tensor
  ) -> Row.Operation {
    var training = Optimizing(model, with: rule)
    var next = 0
    return {
      let batch = batches[next]
      next = (next + 1) % batches.count
      let (_, gradients) = valueWithGradient(of: model) { loss(model, batch) }
      training.update(along: gradients)
    }
  }

  /// Zeros and ones, equally likely, as numbers.
  private static func bits(_ shape: Shape) -> Tensor {
    var generator = RandomGenerator.split()
    return .randomBernoulli(shape, probability: 0.5, dtype: .float32, using: &generator)
  }
}
