import Core
import Optim
import Recurrent

// A training step of a language model over words, as in Training.swift: 35 steps of 20 streams, each
// batch from zero states.

extension Catalogue {
  static var languageModel: [Row] {
    let (words, width, time, batch) = (10_000, 200, 35, 20)
    let tokens = Double(time * batch)
    // Products, each once forward and twice backward: the LSTM's two and the output's.
    let products = tokens * Double(width) * Double(2 * 4 * width + words)
    return [
      Row("train/lstm-lm-V10000-H200-T35-B20-sgd", flops: 2 * 3 * products, items: tokens) {
        let model = WordPredictor(words: words, width: width)
        let batches = (0..<8).map { _ in
          (
            words: labels(time * batch, classes: words).reshaped([time, batch]),
            next: labels(time * batch, classes: words)
          )
        }
        return step(model, GradientDescent(learningRate: 0.1), batches) { model, batch in
          softmaxCrossEntropy(logits: model(batch.words), labels: batch.next)
        }
      }
    ]
  }
}

/// The logits of the word after each: [time, batch] → [time · batch, words].
private struct WordPredictor: Layer {
  let vectors: Parameter
  let network: LSTM
  let output: Dense

  init(words: Int, width: Int) {
    vectors = Parameter(normal([words, width]))
    network = LSTM(width, width)
    output = Dense(width, words)
  }

  func callAsFunction(_ words: Tensor) -> Tensor {
    output(network(vectors.value.gathered(at: words)).flattened(from: 0, to: 1))
  }
}
