import Attention
import Core
import LayerTesting
import Optim
import Testing

@Suite struct LanguageModelTests {
  static func model(_ index: Int) -> TransformerLanguageModel {
    withRandom(seed: 4) {
      switch index {
      case 0:
        TransformerLanguageModel(
          vocabulary: 11, context: 9, .init(width: 8, heads: 2, isPreNorm: true), depth: 2)
      case 1:
        TransformerLanguageModel(
          vocabulary: 11, context: 9, .init(width: 8, heads: 2), depth: 1,
          positions: .sinusoidal, tiesEmbedding: false)
      default:
        TransformerLanguageModel(
          vocabulary: 11, context: 9,
          .init(
            width: 8, heads: 4, keyValueHeads: 2, activation: .silu, isPreNorm: true,
            hasBias: false, rotary: RotaryPositions(2)),
          depth: 2, positions: .none)
      }
    }
  }

  private func tokens(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var generator = RandomGenerator(seed: seed)
    return .randomIntegers(shape, in: 0..<11, using: &generator)
  }

  @Test(arguments: 0..<3) func `token by token equals the whole`(_ index: Int) throws {
    let model = Self.model(index)
    model.convert(to: .float64)
    let tokens = tokens([3, 9])
    let whole = model(tokens)
    #expect(whole.shape == [3, 9, 11])
    var cache = model.emptyCache()
    let steps = tokens.split(sizes: [1, 2, 1, 4, 1], along: 1).map { model($0, cache: &cache) }
    #expect(cache.count == 9)
    try expectClose(concatenated(steps, along: 1), whole)
  }

  @Test(arguments: 0..<3) func `the future does not change the past`(_ index: Int) {
    let model = Self.model(index)
    let (first, second) = (tokens([1, 9]), tokens([1, 9], seed: 2))
    let mixed = concatenated([first[.all, ..<4], second[.all, 4...]], along: 1)
    #expect(model(mixed)[.all, ..<4] == model(first)[.all, ..<4])
  }

  @Test(arguments: 0..<3) func `gradients`(_ index: Int) throws {
    let model = Self.model(index)
    let tokens = tokens([2, 3])
    try checkGradients(of: model, mode: .inference, positions: 2) { _ in model(tokens) }
  }

  @Test func `a tied embedding is one parameter, another has its own output`() {
    #expect(Self.model(0).output == nil)
    #expect(
      Self.model(1).parameterCount
        == 2 * 11 * 8 + (4 * 64 + 32) + (2 * 8 * 32 + 40) + 4 * 8)
  }

  @Test func `greedy generation is that of whole passes`() {
    let model = Self.model(0)
    var generator = RandomGenerator(seed: 1)
    let written = model.generate(
      from: [3, 1], count: 6, sampling: .greedy, using: &generator)
    var all = [3, 1]
    for _ in 0..<6 {
      all.append(model(Tensor(scalars: all, shape: [1, all.count]))[0, all.count - 1].argmax())
    }
    #expect(written == Array(all.dropFirst(2)))
  }

  @Test func `generation goes on beyond the context, and the seed decides`() {
    let model = Self.model(2)
    func written(_ seed: UInt64) -> [Int] {
      var generator = RandomGenerator(seed: seed)
      return model.generate(
        from: Array(0..<11), count: 40, sampling: .init(temperature: 1.5, topK: 7),
        using: &generator)
    }
    #expect(written(1).count == 40 && written(1).allSatisfy { 0..<11 ~= $0 })
    #expect(written(1) == written(1))
    #expect(written(1) != written(2))
  }

  @Test func `sampling keeps to the likeliest, and to their probabilities`() throws {
    let logits = Tensor([0, 2, 1, 2, -3])
    #expect(TokenSampling.greedy.probabilities(logits) == Tensor([0, 1, 0, 0, 0]))
    #expect(TokenSampling(topK: 1).probabilities(logits) == Tensor([0, 1, 0, 0, 0]))
    try expectClose(
      TokenSampling(temperature: 0.5).probabilities(logits), softmax(2 * logits))
    let three = TokenSampling(topK: 3)
    let expected = softmax(Tensor([2, 1, 2]))
    try expectClose(
      three.probabilities(logits).gathered(at: Tensor([1, 2, 3] as [Int])), expected)
    var generator = RandomGenerator(seed: 5)
    var counts = [Double](repeating: 0, count: 5)
    for _ in 0..<4000 { counts[three.draw(from: logits, using: &generator)] += 1 / 4000 }
    #expect(counts[0] == 0 && counts[4] == 0)
    try expectClose(
      Tensor(counts, dtype: .float64), three.probabilities(logits), relative: 0, absolute: 0.03)
  }

  /// A pattern that only the place or what came before can tell.
  @Test func `it learns to count`() {
    let model = withRandom(seed: 3) {
      TransformerLanguageModel(
        vocabulary: 5, context: 10, .init(width: 16, heads: 2, dropout: 0, isPreNorm: true),
        depth: 1)
    }
    let sequence = Tensor(scalars: (0..<11).map { $0 % 5 }, shape: [1, 11])
    var training = Optimizing(model, with: Adam(learningRate: 0.01))
    var last = 0.0
    for _ in 0..<60 {
      let (loss, gradients) = valueWithGradient(of: model) {
        softmaxCrossEntropy(logits: model(sequence[.all, ..<10]), labels: sequence[.all, 1...])
      }
      training.update(along: gradients)
      last = loss.item()
    }
    #expect(last < 0.1)
    var generator = RandomGenerator(seed: 1)
    #expect(
      model.generate(from: [0], count: 6, sampling: .greedy, using: &generator)
        == [1, 2, 3, 4, 0, 1])
  }
}
