// What the examples of the handbook and of doc comments speak of without declaring it. An example may
// declare any of it again.
import Apus
import Foundation

struct Perceptron: Layer {
  let hidden = Dense(64, 128)
  let output = Dense(128, 10)
  func callAsFunction(_ x: Tensor) -> Tensor { output(softplus(hidden(x))) }
}

nonisolated(unsafe) var generator = RandomGenerator(seed: 7)
nonisolated(unsafe) var model = withRandom(seed: 7) { Perceptron() }
nonisolated(unsafe) var training = Optimizing(model, with: Adam(learningRate: 1e-3))

nonisolated(unsafe) let x = Tensor.randomNormal([32, 64], using: &generator)
nonisolated(unsafe) let y = Tensor.zeros([32], dtype: .int32)
nonisolated(unsafe) let v = Tensor.ones([32, 64])
nonisolated(unsafe) let (inputs, labels, targets) = (x, y, y)
nonisolated(unsafe) let direction = v
nonisolated(unsafe) let digits = try! Digits()
nonisolated(unsafe) let dataset = digits.training
nonisolated(unsafe) let data = digits.training
nonisolated(unsafe) let batches = digits.training.batches(of: 32)
nonisolated(unsafe) let batch = Array(batches)[0]
nonisolated(unsafe) let gradients = valueWithGradient(of: model) { loss() }.gradients
let epochs = 2
nonisolated(unsafe) let validationLoss = 0.5

func f(_ x: Tensor) -> Tensor { (x * x * x).sum() }
func loss() -> Tensor { softmaxCrossEntropy(logits: model(x), labels: y) }
func loss(_ outputs: Tensor, _ labels: Tensor) -> Tensor {
  softmaxCrossEntropy(logits: outputs, labels: labels)
}
func evaluate(_ model: Perceptron) -> Double { loss().item() }

/// Code that an example leaves out.
func elided() {}

/// A value that an example leaves out.
func elided<Value>() -> Value { fatalError("an example that leaves code out was run") }

// Values that are never computed: examples that use them are compiled only.
nonisolated(unsafe) let (q, k, h, z, a): (Tensor, Tensor, Tensor, Tensor, Tensor) = elided()
nonisolated(unsafe) let (weight, kernel, covariance, hidden): (Tensor, Tensor, Tensor, Tensor) =
  elided()
nonisolated(unsafe) let (seen, padding, memory, tokens): (Tensor, Tensor, Tensor, Tensor) = elided()
nonisolated(unsafe) let (prompt, token, logits, images): (Tensor, Tensor, Tensor, Tensor) = elided()
nonisolated(unsafe) let (indices, features, pictures): (Tensor, Tensor, Tensor) = elided()
nonisolated(unsafe) let (x0, padded, start): (Tensor, Tensor, Tensor) = elided()
nonisolated(unsafe) let (means, variances): (Tensor, Tensor) = elided()
nonisolated(unsafe) let layer = Dense(64, 128)
nonisolated(unsafe) let graph: DirectedGraph = elided()
nonisolated(unsafe) let mixture: Mixture<Normal> = elided()
nonisolated(unsafe) let checkpoints: Checkpoints = elided()
nonisolated(unsafe) let vocabulary: Vocabulary = elided()
nonisolated(unsafe) let corpus: TextCorpus = elided()
nonisolated(unsafe) let sentences: Sentences = elided()
nonisolated(unsafe) let vectors: WordVectors = elided()
let words = WordTokenizer()

struct Swish: Layer {
  let beta = Parameter(Tensor(1))
  func callAsFunction(_ x: Tensor) -> Tensor { x * sigmoid(beta.value * x) }
}

struct SignDescent: Optimizer {
  var learningRate = 1e-3
  func initialState(for parameter: Tensor) {}
  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
  ) -> Tensor { sign(gradient) * learningRate }
}
