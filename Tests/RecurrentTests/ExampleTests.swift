import Core
import Optim
import Recurrent
import Testing

/// The examples of Docs/recurrent.md, trained.
@Suite struct ExampleTests {
  struct Classifier: Layer {
    let network = GRU(1, 8)
    let output = Dense(8, 1)

    func callAsFunction(_ input: (x: Tensor, lengths: SequenceLengths)) -> Tensor {
      let (_, states) = network(input.x, lengths: input.lengths)
      return output(states[0])  // the state after each sequence's own last step
    }
  }

  /// Whether a sequence's sum is positive; the padding is noise.
  @Test func `sequence classification`() {
    var generator = RandomGenerator(seed: 2)
    let lengths = SequenceLengths((0..<48).map { 2 + $0 % 5 })
    let x = Tensor.randomNormal([6, 48, 1], using: &generator)
    let mask = lengths.mask(times: 6).cast(to: .float32).expandingShape(at: 2)
    let positive = ((x * mask).sum(along: 0) .> 0).cast(to: .float32)
    let model = withRandom(seed: 1) { Classifier() }
    var training = Optimizing(model, with: Adam(learningRate: 0.05))
    for _ in 0..<60 {
      let step = valueWithGradient(of: model) {
        binaryCrossEntropy(logits: model((x, lengths)), targets: positive)
      }
      training.update(along: step.gradients)
    }
    let right = (model((x, lengths)) .> 0).cast(to: .float32) .== positive
    #expect(right.cast(to: .float32).mean().item() > 0.95)
  }

  struct Translator: Layer {
    let encoder = LSTM(4, 24)
    let decoder = LSTM(4, 24)
    let output = Dense(24, 4)

    /// The logits of each target from the ones before it.
    func callAsFunction(_ input: (source: Tensor, before: Tensor)) -> Tensor {
      let (_, meaning) = encoder(input.source)
      return output(decoder(input.before, from: meaning).outputs)
    }

    /// The likeliest target, one symbol after the other.
    func greedy(_ source: Tensor, count: Int) -> Tensor {
      var (_, states) = encoder(source)
      var symbol = Tensor.zeros([source.shape[1], 4])
      return stacked(
        (0..<count).map { _ in
          let step = decoder.step(symbol, from: states)
          states = step.states
          let best = output(step.output).argmax(along: -1)
          symbol = best.oneHot(4)
          return best
        })
    }
  }

  /// The source reversed.
  @Test func `sequence to sequence`() {
    var generator = RandomGenerator(seed: 4)
    let symbols = Tensor.randomIntegers([3, 64], in: 0..<4, using: &generator)
    let source = symbols.oneHot(4)
    let targets = symbols.flipped(along: 0)
    let before = concatenated([Tensor.zeros([1, 64, 4]), targets.oneHot(4)[0..<2]])
    let model = withRandom(seed: 3) { Translator() }
    var training = Optimizing(model, with: Adam(learningRate: 0.03))
    for _ in 0..<80 {
      let step = valueWithGradient(of: model) {
        softmaxCrossEntropy(
          logits: model((source, before)).reshaped([-1, 4]), labels: targets.reshaped([-1]))
      }
      training.update(along: step.gradients)
    }
    let right = (model.greedy(source, count: 3) .== targets).cast(to: .float32).mean().item()
    #expect(right > 0.95)
  }

  @Test func `a summary names the network`() {
    let model = LSTM(3, 4, layers: 2, dropout: 0.5)
    let text = "\(summary(of: model, input: [5, 2, 3]))"
    #expect(text.contains("Unrolled LSTMCell, 2 layers, dropout 0.5"))
    // Both products of both layers.
    #expect(summary(of: model, input: [5, 2, 3]).multiplyAdds == 10 * 16 * (3 + 4 + 4 + 4))
  }
}
