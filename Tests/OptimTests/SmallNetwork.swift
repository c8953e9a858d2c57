import Core
import Optim

/// A network with two layers and a loss, in float64.
struct SmallNetwork {
  let model: Sequential<SequentialPair>
  let inputs: Tensor
  let labels: Tensor

  struct SequentialPair: Layer {
    let hidden: Dense
    let output: Dense
    func callAsFunction(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
  }

  init(seed: UInt64 = 3) {
    var generator = RandomGenerator(seed: seed)
    inputs = Tensor.randomNormal([20, 4], dtype: .float64, using: &generator)
    labels = Tensor.range(0..<20) % Tensor(3).cast(to: .int64)
    model = withRandom(seed: seed) {
      Sequential { SequentialPair(hidden: Dense(4, 5), output: Dense(5, 3)) }
    }
    model.convert(to: .float64)
  }

  func loss() -> Tensor { softmaxCrossEntropy(logits: model(inputs), labels: labels) }

  var function: (Tensor) -> Tensor {
    let vector = ParameterVector(of: model)
    return { x in vector.substituting(x) { loss() } }
  }
}
