import Core

/// Teaches Gaussian embeddings from text: frequent words thinned out, dynamic windows, negative
/// contexts in proportion to count^¾, and a step of ``GaussianSkipGram`` for each batch of triples.
///
/// ```swift
/// let model = withRandom(seed: 7) { GaussianEmbedding(vocabulary.count, 50) }
/// var trainer = try GaussianTextTrainer(GaussianSkipGram(model), counts: vocabulary.counts, seed: 7)
/// for _ in 1...5 { print(trainer.train(on: sentences).meanLoss) }
/// ```
///
/// The same seed gives the same bits, whatever the number of threads.
///
/// Source: the course's document 000, exercise 1, question 4.2; [Vilnis and McCallum 2015]:
/// https://arxiv.org/abs/1412.6623.
public struct GaussianTextTrainer {
  /// What a training did.
  public struct Progress: Sendable, Equatable {
    /// Words of the text, those thinned out included.
    public internal(set) var words = 0
    /// Pairs of a word and a neighbour, each of which was met with every negative context drawn.
    public internal(set) var pairs = 0
    /// Triples of a word, a neighbour and a negative context.
    public internal(set) var triples = 0
    /// The sum of the losses of the triples.
    public internal(set) var loss = 0.0
    /// How many triples did not keep the margin.
    public internal(set) var violations = 0

    /// Nothing done yet.
    public init() {}

    /// The loss of a triple on average; 0 of none.
    public var meanLoss: Double { triples == 0 ? 0 : loss / Double(triples) }

    /// Adds up what was done.
    public static func += (lhs: inout Progress, rhs: Progress) {
      lhs.words += rhs.words
      lhs.pairs += rhs.pairs
      lhs.triples += rhs.triples
      lhs.loss += rhs.loss
      lhs.violations += rhs.violations
    }
  }

  /// What makes the steps.
  public let steps: GaussianSkipGram
  /// The neighbours of a word.
  public let windows: ContextWindows
  /// Negative contexts for each neighbour.
  public let negatives: Int
  /// Triples in a step.
  public let batch: Int

  private let subsampling: FrequentWordSubsampling
  private let noise: AliasTable
  private var generator: RandomGenerator

  /// Pairs are made, and shuffled, for about so many words at a time.
  private static let round = 20_000

  /// - Parameters:
  ///   - steps: The model and its rule.
  ///   - counts: How often each word comes in the text; one for each row of the model, or it traps.
  ///   - windows: Dynamic ones of 5 words to each side unless told otherwise.
  ///   - negatives: 1 unless told otherwise.
  ///   - subsampling: Words of a greater share of the text are thinned out; 1e-3 unless told
  ///     otherwise, 0 keeps all.
  ///   - batch: Triples in a step; 1,024 unless told otherwise.
  ///   - seed: Fixes all that is random.
  /// - Throws: ``WordTrainingError`` without two words, or without a text.
  public init(
    _ steps: GaussianSkipGram, counts: [Int], windows: ContextWindows = ContextWindows(),
    negatives: Int = 1, subsampling: Double = 1e-3, batch: Int = 1024, seed: UInt64
  ) throws(WordTrainingError) {
    require(
      counts.count == steps.words.count,
      "GaussianTextTrainer: counts of \(counts.count) words for \(steps.words.count) Gaussians")
    require(
      negatives > 0 && batch > 0,
      "GaussianTextTrainer: \(negatives) negative contexts in batches of \(batch)")
    if counts.isEmpty { throw .emptyVocabulary }
    if counts.count == 1 { throw .singleWord }
    if counts.allSatisfy({ $0 == 0 }) { throw .emptyCorpus }
    self.steps = steps
    self.windows = windows
    self.negatives = negatives
    self.batch = batch
    self.subsampling = FrequentWordSubsampling(counts: counts, threshold: subsampling)
    noise = AliasTable(counts: counts)
    generator = RandomGenerator(seed: seed)
  }

  /// Trains once on a text. A word without a row traps.
  @discardableResult
  public mutating func train(on sentences: Sentences) -> Progress {
    var progress = Progress()
    for part in sentences.parts(words: Self.round) {
      let kept = subsampling(part, using: &generator)
      progress += train(on: windows.pairs(of: kept, using: &generator))
      progress.words += part.wordCount
    }
    return progress
  }

  private mutating func train(on pairs: ContextWindows.Pairs) -> Progress {
    // In random order: neighbours in the text would meet in one step, and move each row rarely and
    // far.
    let order = Tensor.randomPermutation(pairs.count, using: &generator).scalars(as: Int.self)
    let drawn = noise.draws(pairs.count * negatives, using: &generator)
    var progress = Progress()
    progress.pairs = pairs.count
    progress.triples = drawn.count
    var triples = [[Int32]](repeating: [], count: 3)
    for index in triples.indices { triples[index].reserveCapacity(batch) }
    for (place, negative) in drawn.enumerated() {
      let pair = order[place / negatives]
      triples[0].append(pairs.words[pair])
      triples[1].append(pairs.neighbours[pair])
      triples[2].append(negative)
      guard triples[0].count == batch || place == drawn.count - 1 else { continue }
      let step = steps.step(words: triples[0], positives: triples[1], negatives: triples[2])
      progress.loss += step.loss
      progress.violations += step.violations
      for index in triples.indices { triples[index].removeAll(keepingCapacity: true) }
    }
    return progress
  }
}
