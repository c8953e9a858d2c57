import Core
import LayerTesting
import Testing

@testable import Embeddings

/// The trainer against the definition: losses written with tensors, moved along automatic gradients.
@Suite struct TrainerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let architecture: WordTrainingSettings.Architecture
    let objective: WordTrainingSettings.Objective
    let execution: WordTrainingSettings.Execution
    var testDescription: String { "\(architecture), \(objective), \(execution)" }

    static let all = WordTrainingSettings.Architecture.allCases.flatMap { architecture in
      [.negativeSampling(count: 3), .hierarchicalSoftmax].flatMap { objective in
        WordTrainingSettings.Execution.allCases.map { execution in
          Case(architecture: architecture, objective: objective, execution: execution)
        }
      }
    }
  }

  /// Noise is always word 0, so that nothing is left to chance.
  private let counts = [7, 0, 0, 0, 0, 0]
  private let text = Sentences([[1, 2, 3, 2, 1, 4, 0, 5], [3], [5, 4, 3, 3, 0]])

  private func settings(_ sample: Case, dimensions: Int = 5) -> WordTrainingSettings {
    var settings = WordTrainingSettings()
    settings.dimensions = dimensions
    settings.architecture = sample.architecture
    settings.objective = sample.objective
    settings.execution = sample.execution
    settings.windows = ContextWindows(reach: 2, isDynamic: false)
    settings.subsampling = 0
    settings.learningRate = 0.2
    settings.finalLearningRate = 0.2
    return settings
  }

  /// Rows of the output table and their signs.
  private func targets(_ word: Int, _ sample: Case) -> [(row: Int, sign: Double)] {
    if case .negativeSampling(let count, _) = sample.objective {
      return [(word, 1)] + (word == 0 ? [] : Array(repeating: (0, -1), count: count))
    }
    return HuffmanTree(counts: counts).path(to: word).map { ($0.node, $0.goesLeft ? 1 : -1) }
  }

  /// One pass; returns the loss.
  private func pass(
    _ sample: Case, _ input: inout Tensor, _ output: inout Tensor, rate: Double
  ) -> Double {
    var total = 0.0
    var moves = Tensor.zeros(like: input)
    for sentence in 0..<text.count {
      let words = text[sentence].map { Int($0) }
      for position in words.indices {
        let around = words.indices.filter { $0 != position && abs($0 - position) <= 2 }
        if around.isEmpty { continue }
        let isBag = sample.architecture == .bagOfWords
        let sources = isBag ? around.map { words[$0] } : [words[position]]
        let predicted = isBag ? [words[position]] : around.map { words[$0] }
        let targets = predicted.flatMap { self.targets($0, sample) }
        let rows = Tensor(targets.map { $0.row })
        let signs = Tensor(targets.map { $0.sign }).cast(to: .float32)
        let (loss, gradients) = valueWithGradient(at: input, output) { input, output in
          let h = input.gathered(at: Tensor(sources)).mean(along: 0)
          let products = matmul(output.gathered(at: rows), h.reshaped([-1, 1])).reshaped([-1])
          return softplus(-signs * products).sum()
        }
        total += loss.item()
        output = output - rate * gradients.1
        if sample.execution == .lockFree {
          input = input - rate * gradients.0
        } else {
          moves = moves - rate * gradients.0
        }
      }
    }
    input = input + moves
    return total
  }

  @Test(arguments: Case.all, [3, 16, 37])
  func `steps are those of the definition`(sample: Case, dimensions: Int) throws {
    var trainer = try WordVectorTrainer(
      counts: counts, settings: settings(sample, dimensions: dimensions), seed: 1)
    var (input, output) = (trainer.vectors, trainer.outputVectors)
    for _ in 0..<6 {
      let progress = trainer.train(on: text)
      let loss = pass(sample, &input, &output, rate: 0.2)
      #expect(progress.words == 14 && progress.pairs == 40)
      #expect(abs(progress.loss - loss) < 1e-4 * loss)
      try expectClose(trainer.vectors, input, relative: 1e-4, absolute: 1e-5)
      try expectClose(trainer.outputVectors, output, relative: 1e-4, absolute: 1e-5)
    }
    #expect(trainer.outputVectors.norm().item() > 0.1)
  }

  @Test(arguments: WordTrainingSettings.Architecture.allCases)
  func `the full softmax learns what can be predicted`(
    architecture: WordTrainingSettings.Architecture
  ) throws {
    var settings = WordTrainingSettings()
    settings.architecture = architecture
    settings.objective = .softmax
    settings.dimensions = 6
    settings.windows = ContextWindows(reach: 1)
    settings.subsampling = 0
    settings.learningRate = 0.3
    // Words come in pairs: 0 with 1, 2 with 3.
    let pairs = Sentences((0..<50).map { $0 % 2 == 0 ? [0, 1] : [3, 2] })
    var trainer = try WordVectorTrainer(
      counts: [25, 25, 25, 25], settings: settings, epochs: 20, seed: 2)
    var first: WordTrainingProgress?
    var last = WordTrainingProgress()
    for _ in 0..<20 {
      last = trainer.train(on: pairs)
      if first == nil { first = last }
    }
    #expect(last.targets == 100 && last.pairs == 100)
    #expect(first!.meanLoss < 1.3863 + 0.02)
    #expect(last.meanLoss < 0.1)
  }

  @Test(arguments: [2, 33]) func `one softmax step is the definition's`(repeats: Int) throws {
    var settings = WordTrainingSettings()
    settings.objective = .softmax
    settings.dimensions = 4
    settings.windows = ContextWindows(reach: 1, isDynamic: false)
    settings.subsampling = 0
    settings.finalLearningRate = settings.learningRate
    var trainer = try WordVectorTrainer(counts: [1, 1, 1], settings: settings, seed: 3)
    for _ in 0..<repeats { trainer.train(on: Sentences([[0, 1, 2]])) }
    let (input, output) = (trainer.vectors, trainer.outputVectors)
    let progress = trainer.train(on: Sentences([[0, 1, 2]]))
    let (words, neighbours) = (Tensor([0, 1, 1, 2] as [Int]), Tensor([1, 0, 2, 1] as [Int]))
    let (loss, gradients) = valueWithGradient(at: input, output) { input, output in
      let logits = matmul(input.gathered(at: words), output.transposed())
      return
        (logSumExp(logits)
        - logits.takenAlong(neighbours.reshaped([4, 1]), axis: 1)
        .reshaped([4])).sum()
    }
    #expect(abs(progress.loss - loss.item()) < 1e-5)
    try expectClose(trainer.vectors, input - 0.025 * gradients.0)
    try expectClose(trainer.outputVectors, output - 0.025 * gradients.1)
  }

  @Test func `the rate falls evenly`() throws {
    var trainer = try WordVectorTrainer(counts: counts, epochs: 4, seed: 1)
    #expect(trainer.expectedWords == 28 && trainer.learningRate == 0.025)
    trainer.train(on: text)
    #expect(abs(trainer.learningRate - (0.025 + 0.0001) / 2) < 1e-9)
    trainer.train(on: text)
    trainer.train(on: text)
    #expect(abs(trainer.learningRate - 1e-4) < 1e-12)
    #expect(trainer.train(on: Sentences()) == WordTrainingProgress())
  }

  @Test func `vocabularies that teach nothing are errors`() {
    #expect(throws: WordTrainingError.emptyVocabulary) {
      try WordVectorTrainer(counts: [], seed: 0)
    }
    #expect(throws: WordTrainingError.singleWord) { try WordVectorTrainer(counts: [4], seed: 0) }
    #expect(throws: WordTrainingError.emptyCorpus) {
      try WordVectorTrainer(counts: [0, 0], seed: 0)
    }
  }

  @Test func `an unknown word traps`() async {
    await #expect(processExitsWith: .failure) {
      var trainer = try WordVectorTrainer(counts: [1, 1], seed: 0)
      trainer.train(on: Sentences([[0, 2]]))
    }
  }
}
