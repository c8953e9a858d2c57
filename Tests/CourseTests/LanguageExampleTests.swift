import Core
import Datasets
import Optim
import Recurrent
import Testing

/// The example of Docs/language-model.md.
@Suite struct LanguageExampleTests {
  struct Writer: Layer {
    let vectors: Parameter
    let network: GRU
    let output: Dense

    init(_ vocabulary: Int, _ width: Int) {
      let initializer = Initializer.uniform(in: -0.1..<0.1)
      vectors = Parameter(
        initializer.tensor([vocabulary, width], inputs: vocabulary, outputs: width))
      network = GRU(width, width)
      output = Dense(weight: vectors, bias: Parameter(.zeros([vocabulary])))  // tied
    }

    func callAsFunction(_ input: (tokens: Tensor, states: [Tensor])) -> (Tensor, [Tensor]) {
      let (y, states) = network(vectors.value.gathered(at: input.tokens), from: input.states)
      return (output(y), states)
    }

    func step(_ states: [Tensor], _ token: Int) -> (logits: Tensor, state: [Tensor]) {
      let (y, next) = network.step(vectors.value[token...token], from: states)
      return (output(y)[0], next)
    }
  }

  @Test func `the handbook's model learns and writes`() throws {
    let corpus = TextCorpus(
      lines: [String](repeating: "And God said, Let there be light.", count: 40))
    let words = WordTokenizer()
    let tokens = corpus.tokens(cutBy: words, lineEnd: "<end>")
    let vocabulary = Vocabulary(counting: tokens, minimumCount: 1, special: ["<end>"])
    let windows = TextWindows(try vocabulary.encode(tokens), batch: 4, length: 10)

    let model = withRandom(seed: 7) { Writer(vocabulary.count, 16) }
    var training = Optimizing(model, with: Adam(learningRate: 0.02).clipped(toNorm: 1))
    var perplexity = Perplexity()
    for _ in 0..<15 {
      perplexity = Perplexity()
      var states = model.network.initialStates(batch: windows.batch)
      for window in windows {
        let (loss, gradients, next) = valueWithGradient(of: model) {
          let (logits, next) = model((window.inputs, states))
          return (softmaxCrossEntropy(logits: logits, labels: window.targets), next)
        }
        training.update(along: gradients)
        states = stopGradient(next)
        perplexity.add(
          surprise: loss.item() * Double(window.targets.count), of: window.targets.count)
      }
    }
    #expect(perplexity.value < 1.5)

    let (start, end) = (model.network.initialStates(batch: 1), vocabulary["<end>"] ?? 0)
    var generator = RandomGenerator(seed: 1)
    let text = sampleTokens(
      from: start, after: end, count: 20, sampling: TokenSampling(temperature: 0.5, topK: 5),
      ending: end, using: &generator, step: model.step)
    let best = beamSearch(
      from: start, after: end, width: 4, length: 20, ending: end, lengthPenalty: 0.7,
      step: model.step)
    #expect(!text.isEmpty)
    #expect(
      words.decode(best[0].tokens.dropLast(), with: vocabulary)
        == "and god said, let there be light.")
  }
}
