import Core
internal import Kernels

/// Learns vectors of words from text: skip-gram or bag of words, with negative sampling,
/// hierarchical or full softmax.
///
/// ```swift
/// var settings = WordTrainingSettings()
/// settings.dimensions = 50
/// var trainer = try WordVectorTrainer(
///   counts: vocabulary.counts, settings: settings, epochs: 5, seed: 7)
/// for _ in 1...5 { trainer.train(on: sentences) }
/// let vectors = WordVectors(words: vocabulary.tokens, vectors: trainer.vectors)
/// ```
///
/// A corpus larger than memory comes in blocks: the training is the same for a text in one piece as
/// for its pieces of whole sentences, but for where words are drawn and rates change.
///
/// The steps are plain gradient descent in `float32`, in C, at a rate that falls evenly from the
/// first to the last word. One hidden vector's targets are taken together: their products with it
/// come first, then all move. ``WordTrainingSettings/Execution/deterministic`` gives the same bits
/// for the same seed, whatever the number of threads: hidden vectors of up to 256 positions are
/// those before any of these positions was learnt, output rows move in the text's order.
///
/// Source: [Mikolov et al. 2013a], "Efficient estimation of word representations in vector space";
/// [Mikolov et al. 2013b], "Distributed representations of words and phrases".
public struct WordVectorTrainer: Sendable {
  /// What was asked for.
  public let settings: WordTrainingSettings
  /// How many words of text the training expects in all, before subsampling.
  public let expectedWords: Int
  /// How many came so far.
  public private(set) var wordsSeen = 0

  var tables: WordTables
  var windowGenerator: RandomGenerator
  private let subsampling: FrequentWordSubsampling
  private let noise: AliasTable?
  let tree: HuffmanTree?
  private let inputParts: RowParts
  private let outputParts: RowParts
  private var keepGenerator: RandomGenerator
  private let targetGenerator: RandomGenerator
  private var chunks: UInt64 = 0
  /// Positions whose hidden vectors are frozen together: so few that no word is likely to come more
  /// than about four times, since its moves add up.
  private let chunkSize: Int

  /// How many words share one rate, about.
  private static let round = 10_000

  /// - Parameters:
  ///   - counts: How often each word comes in the text.
  ///   - settings: ``WordTrainingSettings``' defaults unless told otherwise.
  ///   - epochs: How often the text will come, for the falling rate; 5 unless told otherwise.
  ///   - seed: Fixes all draws.
  /// - Throws: ``WordTrainingError`` when there are fewer than two words, or none was counted.
  public init(
    counts: [Int], settings: WordTrainingSettings = WordTrainingSettings(), epochs: Int = 5,
    seed: UInt64
  ) throws(WordTrainingError) {
    settings.requireSense()
    require(epochs > 0, "WordVectorTrainer: \(epochs) epochs")
    if counts.isEmpty { throw .emptyVocabulary }
    if counts.count == 1 { throw .singleWord }
    let total = counts.reduce(0, +)
    if total == 0 { throw .emptyCorpus }
    self.settings = settings
    expectedWords = total * epochs
    subsampling = FrequentWordSubsampling(counts: counts, threshold: settings.subsampling)
    let kept = zip(counts, subsampling.keepProbabilities).map { Double($0) * $1 }
    inputParts = RowParts(weights: kept)
    let greatestShare = (kept.max() ?? 1) / kept.reduce(0, +)
    chunkSize = min(max(Int(4 / greatestShare), 16), Int(apus_word_chunk))
    var generator = RandomGenerator(seed: seed)
    var tableGenerator = generator.split()
    keepGenerator = generator.split()
    windowGenerator = generator.split()
    targetGenerator = generator.split()
    var outputs = counts.count
    switch settings.objective {
    case .negativeSampling(let negatives, let exponent):
      let noise = AliasTable(counts: counts, exponent: exponent)
      let probabilities = noise.probabilities
      let all = kept.reduce(0, +)
      outputParts = RowParts(
        weights: zip(kept, probabilities).map { $0 + Double(negatives) * all * $1 })
      (self.noise, tree) = (noise, nil)
    case .hierarchicalSoftmax:
      let tree = HuffmanTree(counts: counts)
      outputs = counts.count - 1
      outputParts = RowParts(weights: tree.weights.map { Double($0) })
      (noise, self.tree) = (nil, tree)
    case .softmax:
      outputParts = RowParts(weights: kept)
      (noise, tree) = (nil, nil)
    }
    tables = WordTables(
      words: counts.count, outputs: outputs, dimensions: settings.dimensions,
      using: &tableGenerator)
  }

  /// The vectors of the words, [word, dimension].
  public var vectors: Tensor { tables.trimmed(tables.input) }

  /// The output vectors: of words as neighbours, [word, dimension]; with the hierarchical softmax of
  /// the tree's inner nodes, [word − 1, dimension].
  public var outputVectors: Tensor { tables.trimmed(tables.output) }

  /// The rate of the next step.
  public var learningRate: Double {
    let share = min(1, Double(wordsSeen) / Double(expectedWords))
    let (first, last) = (settings.learningRate, settings.finalLearningRate)
    return first + (last - first) * share
  }

  /// One pass over some sentences. A word that was not counted traps.
  @discardableResult
  public mutating func train(on sentences: Sentences) -> WordTrainingProgress {
    sentences.requireWords(below: tables.input.shape[0], in: "WordVectorTrainer")
    var progress = WordTrainingProgress()
    for part in sentences.parts(words: Self.round) {
      let kept = subsampling(part, using: &keepGenerator)
      progress += tree == nil && noise == nil ? trainSoftmax(on: kept) : trainSampled(on: kept)
      wordsSeen += part.wordCount
      progress.words += part.wordCount
    }
    return progress
  }

  private mutating func trainSampled(on text: Sentences) -> WordTrainingProgress {
    var job = apus_word_training()
    job.bag_of_words = settings.architecture == .bagOfWords
    job.window = Int32(settings.windows.reach)
    job.dynamic_window = settings.windows.isDynamic
    if case .negativeSampling(let count, _) = settings.objective { job.negatives = Int32(count) }
    job.parts = Int32(RowParts.count)
    job.lock_free = settings.execution == .lockFree
    job.chunk = chunks
    job.rate = Float(learningRate)
    job.chunk_size = Int32(chunkSize)
    chunks += UInt64((text.wordCount + chunkSize - 1) / chunkSize)
    tables.input.makeUnique()
    tables.output.makeUnique()
    job.width = tables.input.shape[1]
    job.input = tables.input.pointer.assumingMemoryBound(to: Float.self)
    job.output = tables.output.pointer.assumingMemoryBound(to: Float.self)
    // Chunks are told apart by their position in the stream, which does not move.
    var stream = targetGenerator
    stream.draw { stream, _ in
      job.generator = stream
      return 0
    }
    let result = withTargets { noise, starts, paths in
      (job.noise, job.path_starts, job.paths) = (noise, starts, paths)
      return inputParts.parts.withUnsafeBufferPointer { inputs in
        outputParts.parts.withUnsafeBufferPointer { outputs in
          (job.input_parts, job.output_parts) = (inputs.baseAddress, outputs.baseAddress)
          return apus_train_words(&job, text.count, text.ends, text.words)
        }
      }
    }
    extendLifetime(tables)
    return WordTrainingProgress(
      loss: result.loss, pairs: Int(result.pairs), targets: Int(result.targets))
  }

  /// What targets are made of, as the kernel takes it: an alias table or a tree.
  private func withTargets<Result>(
    _ body: (
      UnsafePointer<apus_alias_table>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> Result
  ) -> Result {
    if let noise { return noise.withKernel { body($0, nil, nil) } }
    return tree!.starts.withUnsafeBufferPointer { starts in
      tree!.steps.withUnsafeBufferPointer { body(nil, starts.baseAddress, $0.baseAddress) }
    }
  }
}
