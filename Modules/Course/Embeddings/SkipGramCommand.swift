import Core
import Datasets
import Embeddings
import Foundation

/// `course skip-gram`: vectors of words from their neighbours.
struct SkipGramCommand: Subcommand {
  static let name = "skip-gram"
  static let summary = "Learns vectors of words from the text around them (document 000)."
  static let discussion = """
    Each word of the bundled Genesis, or of --corpus, learns to tell its neighbours from words drawn \
    by chance: −log σ(h·u) − Σ log σ(−h·uₖ). Words that keep the same company come to lie together.

    One line in twenty is held out. Each epoch prints how often a pair of neighbours there has a \
    higher score than the same word beside a stranger; 50 % is chance. Words of --words are shown \
    with those nearest to them. The vectors are left in the output folder as a text file, with a \
    picture of frequent words in the plane of the two greatest variances.

    The same seed gives the same vectors, whatever the number of threads, unless --execution \
    lockFree lets threads write where they like.
    """
  static let examples = [
    "--corpus kjv.txt --dimensions 100 --minimum-count 5",
    "--architecture bagOfWords --objective hierarchicalSoftmax", "--words joseph,famine,wife",
  ]

  @Option(
    "FILE", "A text to learn from, a sentence a line; the bundled Genesis without it.",
    .optional(.path))
  var corpus: String? = nil
  @Option("COUNT", "The length of a vector.", .integer(1...10_000))
  var dimensions = 50
  @Option("COUNT", "Passes over the text.", .integer(1...100_000))
  var epochs = 20
  @Option("COUNT", "Neighbours to each side, at most.", .integer(1...1000))
  var window = 5
  @Option("COUNT", "Words drawn by chance for each neighbour.", .integer(1...1000))
  var negatives = 5
  @Option("COUNT", "Words that come less often are left out.", .integer(1...))
  var minimumCount = 5
  @Option(
    "SHARE", "Words of a greater share of the text are thinned out; 0 keeps all.",
    .number(from: 0))
  var subsampling = 1e-3
  @Option("RATE", "The first step's learning rate; it falls to a 250th.", .number(above: 0))
  var learningRate = 0.05
  @Option("NAME", "What predicts what: skipGram or bagOfWords.", .choice)
  var architecture = WordTrainingSettings.Architecture.skipGram
  @Option("NAME", "How: negativeSampling, hierarchicalSoftmax or softmax.", .choice)
  var objective = WordObjectiveName.negativeSampling
  @Option("NAME", "How threads share the work: deterministic or lockFree.", .choice)
  var execution = WordTrainingSettings.Execution.deterministic
  @Option("COUNT", "Threads to use; all without it.", .optional(.integer(1...1024)))
  var threads: Int? = nil
  @Option("WORDS", "Words whose nearest ones are shown, with commas between them.", .words)
  var words = ["god", "abraham", "wife", "son", "water", "land", "said", "seven"]
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where vectors and picture go.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try withThreads(threads) { try train(console) }
  }

  private func train(_ console: Console) throws {
    try OutputFile.makeFolder(output)
    let corpus = try WordCorpus(self.corpus, minimumCount: minimumCount, seed: seed)
    console.write(corpus.summary + "\n")
    let counts = corpus.vocabulary.counts
    let ranking = PairRanking(
      of: corpus.heldOut, windows: settings.windows, counts: counts, seed: seed)
    var trainer = try WordVectorTrainer(
      counts: counts, settings: settings, epochs: epochs, seed: seed)
    console.write(description(trainer) + "\n")
    try learn(&trainer, corpus.training, ranking, console)
    let vectors = WordVectors(words: corpus.vocabulary.tokens, vectors: trainer.vectors)
    showNeighbours(vectors, console)
    let path = OutputFile.path(output, "skip-gram-vectors.txt")
    try vectors.write(to: path, format: .word2vecText)
    let picture = OutputFile.path(output, "skip-gram-words.svg")
    try OutputFile.write(map(of: vectors).svg(), to: picture)
    console.write("vectors: \(path)\npicture: \(picture)\n")
  }

  var settings: WordTrainingSettings {
    var settings = WordTrainingSettings()
    settings.dimensions = dimensions
    settings.architecture = architecture
    settings.objective = objective.objective(negatives: negatives)
    settings.windows = ContextWindows(reach: window)
    settings.subsampling = subsampling
    settings.learningRate = learningRate
    settings.finalLearningRate = learningRate / 250
    settings.execution = execution
    return settings
  }

  private func learn(
    _ trainer: inout WordVectorTrainer, _ text: Sentences, _ ranking: PairRanking,
    _ console: Console
  ) throws {
    var bar = ProgressBar(total: epochs * text.wordCount, unit: "words", console: console)
    for epoch in 1...epochs {
      var progress = WordTrainingProgress()
      let start = ProcessInfo.processInfo.systemUptime
      // Some text at a time, so that the bar moves.
      for part in text.parts(words: 100_000) {
        let done = trainer.train(on: part)
        progress += done
        bar.advance(by: done.words, label: "epoch \(epoch)/\(epochs)")
      }
      let seconds = max(ProcessInfo.processInfo.systemUptime - start, 1e-9)
      let share = ranking.share { trainer.score($0, $1) }
      bar.print(line(epoch, progress, share, seconds))
      guard progress.loss.isFinite else { throw DivergenceError(epoch: epoch) }
    }
    bar.clear()
  }

  // MARK: Reports

  private func line(
    _ epoch: Int, _ progress: WordTrainingProgress, _ share: Double, _ seconds: Double
  ) -> String {
    func rate(_ count: Int) -> String { grouped(Int(Double(count) / seconds)) }
    let number = String(epoch).padded(to: String(epochs).count)
    return """
      epoch \(number)/\(epochs)   loss \(fixed(progress.meanLoss, 4))   \
      held-out pairs above strangers \(fixed(100 * share, 1)) %   \
      \(rate(progress.words)) words/s   \(rate(progress.pairs)) pairs/s
      """
  }

  private func description(_ trainer: WordVectorTrainer) -> String {
    let way = architecture == .skipGram ? "skip-gram" : "bag of words"
    return "\(way), \(objective.rawValue), \(dimensions) dimensions, \(window) words to each side, "
      + "\(Parallel.threadCount) threads, \(execution.rawValue)"
  }

  private func showNeighbours(_ vectors: WordVectors, _ console: Console) {
    for word in words {
      guard let near = try? vectors.neighbours(of: word, count: 8) else {
        console.write("\(word.filled(to: 12)) (not in the vocabulary)\n")
        continue
      }
      let list = near.map { "\($0.word) \(fixed($0.similarity, 2))" }.joined(separator: "  ")
      console.write("\(word.filled(to: 12)) \(list)\n")
    }
  }

  /// The words asked for and frequent ones; of a large vocabulary not the first forty, which are
  /// mostly words such as "the".
  private func map(of vectors: WordVectors) -> WordMap {
    let asked = words.compactMap { vectors.index(of: $0) }
    let first = vectors.count > 200 ? 40 : 0
    let frequent = (first..<vectors.count).filter { !asked.contains($0) }
    let shown = asked + frequent.prefix(160 - min(asked.count, 160))
    let rows = vectors.vectors.gathered(at: Tensor(shown))
    let (points, share) = WordMap.principalPlane(
      of: rows / maximum(sqrt(square(rows).sum(along: 1, keepingAxes: true)), 1e-30))
    return WordMap(
      title: "Words in the plane of their two greatest variances",
      subtitle: "\(shown.count) of \(grouped(vectors.count)) words, scaled to length 1; the plane "
        + "holds \(fixed(100 * share, 0)) % of their variance; seed \(seed)",
      words: shown.map { vectors.words[$0] }, points: points)
  }
}

/// The objectives that `--objective` names.
enum WordObjectiveName: String, CaseIterable {
  case negativeSampling, hierarchicalSoftmax, softmax

  func objective(negatives: Int) -> WordTrainingSettings.Objective {
    switch self {
    case .negativeSampling: .negativeSampling(count: negatives)
    case .hierarchicalSoftmax: .hierarchicalSoftmax
    case .softmax: .softmax
    }
  }
}
