import Core
import Datasets

/// The multilayer perceptron of course document 001, exercise 2, on standardised inputs:
///
/// ```
/// z = (x − mean) / deviation
/// o = W⁽²⁾ softplus(W⁽¹⁾ z + b⁽¹⁾) + b⁽²⁾
/// ```
///
/// Its output is the logits; their softmax is the probability of each class. The standardisation
/// belongs to the model, so that a saved one reads plain pixels.
struct Perceptron: Layer, Sendable {
  let mean: Buffer
  let deviation: Buffer
  let hidden: Dense
  let output: Dense

  init(_ inputs: Int, hidden width: Int, classes: Int, standardization: Standardization) {
    mean = Buffer(standardization.mean)
    deviation = Buffer(standardization.deviation)
    hidden = Dense(inputs, width, activation: .softplus)
    output = Dense(width, classes)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [batch, input] → [batch, class]
    output(hidden((x - mean.value) / deviation.value))
  }
}
