import Core
import Embeddings
import LayerTesting
import Testing

@Suite struct GaussianTextTrainerTests {
  /// Sentences of words 0 to 5 or of words 6 to 11.
  private static let text: Sentences = {
    var generator = RandomGenerator(seed: 31)
    return Sentences(
      (0..<120).map { _ in
        let first = Bool.random(using: &generator) ? 0 : 6
        return (0..<6).map { _ in first + Int.random(in: 0..<6, using: &generator) }
      })
  }()

  private static let counts = text.words.reduce(into: [Int](repeating: 0, count: 12)) {
    $0[Int($1)] += 1
  }

  private func trained(
    _ similarity: GaussianSimilarity = .logKernel, batch: Int = 32, negatives: Int = 2,
    seed: UInt64 = 3
  ) throws -> (model: GaussianEmbedding, progress: [GaussianTextTrainer.Progress]) {
    let model = withRandom(seed: 5) { GaussianEmbedding(12, 4) }
    let steps = GaussianSkipGram(
      model, similarity: similarity, bounds: GaussianBounds(meanNorm: 4, eigenvalues: 0.05...10))
    var trainer = try GaussianTextTrainer(
      steps, counts: Self.counts, windows: ContextWindows(reach: 2), negatives: negatives,
      subsampling: 0, batch: batch, seed: seed)
    let progress = (0..<4).map { _ in trainer.train(on: Self.text) }
    return (model, progress)
  }

  @Test(arguments: [GaussianSimilarity.logKernel, .negativeDivergence])
  func `words that come together end up together`(similarity: GaussianSimilarity) throws {
    let (model, progress) = try trained(similarity)
    #expect(progress.last!.meanLoss < 0.8 * progress[0].meanLoss)
    for word in 0..<12 {
      let near = model.nearest(to: word, count: 5, by: similarity).map(\.word)
      #expect(near.filter { ($0 < 6) == (word < 6) }.count >= 4)
    }
  }

  @Test func `progress counts what was done`() throws {
    let progress = try trained(negatives: 3).progress
    var total = GaussianTextTrainer.Progress()
    for part in progress {
      #expect(part.words == Self.text.wordCount)
      // Dynamic windows of reach 1 or 2 within sentences of six: 10 or 18 pairs each.
      #expect((10 * 120...18 * 120).contains(part.pairs))
      #expect(part.triples == 3 * part.pairs)
      #expect(part.violations <= part.triples && part.meanLoss == part.loss / Double(part.triples))
      total += part
    }
    #expect(total.words == 4 * Self.text.wordCount)
  }

  @Test func `a seed fixes the result, and another gives another`() throws {
    let (first, again, other) = (try trained(), try trained(), try trained(seed: 4))
    #expect(first.model.mean.value == again.model.mean.value)
    #expect(first.progress == again.progress)
    #expect(first.model.mean.value != other.model.mean.value)
  }

  @Test func `texts without words to tell apart are errors`() {
    func train(_ counts: [Int]) throws {
      let steps = GaussianSkipGram(GaussianEmbedding(counts.count, 2))
      _ = try GaussianTextTrainer(steps, counts: counts, seed: 1)
    }
    #expect(throws: WordTrainingError.emptyVocabulary) { try train([]) }
    #expect(throws: WordTrainingError.singleWord) { try train([5]) }
    #expect(throws: WordTrainingError.emptyCorpus) { try train([0, 0]) }
  }

  @Test func `an empty text changes nothing`() throws {
    let model = withRandom(seed: 5) { GaussianEmbedding(3, 2) }
    let before = model.mean.value
    var trainer = try GaussianTextTrainer(GaussianSkipGram(model), counts: [1, 1, 1], seed: 1)
    #expect(trainer.train(on: Sentences()) == GaussianTextTrainer.Progress())
    #expect(trainer.train(on: Sentences([[1], [2]])).pairs == 0)
    #expect(model.mean.value == before)
  }

  @Test func `counts of another vocabulary trap`() async {
    await #expect(processExitsWith: .failure) {
      let steps = GaussianSkipGram(GaussianEmbedding(3, 2))
      _ = try GaussianTextTrainer(steps, counts: [1, 2], seed: 1)
    }
  }
}
