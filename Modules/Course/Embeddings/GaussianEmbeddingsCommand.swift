import Core
import Datasets
import Embeddings
import Foundation

/// `course gaussian-embeddings`: words as Gaussians from their neighbours.
struct GaussianEmbeddingsCommand: Subcommand {
  static let name = "gaussian-embeddings"
  static let summary = "Learns words as Gaussian distributions (document 000, exercise 1)."
  static let discussion = """
    Each word w of the bundled Genesis, or of --corpus, becomes a Gaussian N(μ, Σ), taught by \
    max(0, 1 − S(w, c₊) + S(w, c₋)): its neighbours c₊ shall be more similar to it than words c₋ \
    drawn by chance. S is log K, of the product kernel K = ∫ N_w N_c, or −KL(N_c ‖ N_w).

    One line in twenty is held out. Each epoch prints how often a pair of neighbours there is more \
    similar than the same word and a stranger; 50 % is chance. Then come the words nearest to those \
    of --words, the words with the smallest and largest |Σ|, and what each word entails: the more \
    general words g with the highest −KL(N_w ‖ N_g). The output folder gets the model, the means as \
    a text file, and a picture of words as ellipses.

    The same seed gives the same result, whatever the number of threads.
    """
  static let examples = [
    "--corpus kjv.txt --dimensions 50 --epochs 5", "--similarity kl --covariance spherical",
    "--covariance full --dimensions 2",
  ]

  @Option(
    "FILE", "A text to learn from, a sentence a line; the bundled Genesis without it.",
    .optional(.path))
  var corpus: String? = nil
  @Option("NAME", "S: kernel (its logarithm), plainKernel (K itself) or kl.", .choice)
  var similarity = GaussianSimilarityName.kernel
  @Option("NAME", "The form of the covariances: spherical, diagonal or full.", .choice)
  var covariance = GaussianCovariance.diagonal
  @Option("COUNT", "The dimensions of the space.", .integer(1...1000))
  var dimensions = 20
  @Option("COUNT", "Passes over the text.", .integer(1...100_000))
  var epochs = 20
  @Option("COUNT", "Neighbours to each side, at most.", .integer(1...1000))
  var window = 5
  @Option("COUNT", "Words drawn by chance for each neighbour.", .integer(1...1000))
  var negatives = 1
  @Option("COUNT", "Words that come less often are left out.", .integer(1...))
  var minimumCount = 5
  @Option(
    "SHARE", "Words of a greater share of the text are thinned out; 0 keeps all.", .number(from: 0))
  var subsampling = 1e-3
  @Option("NAME", "How a gradient becomes a step: adaGrad or gradientDescent.", .choice)
  var rule = GaussianRuleName.adaGrad
  @Option("RATE", "The learning rate.", .number(above: 0))
  var learningRate = 0.1
  @Option("COUNT", "Triples in a step.", .integer(1...1_000_000))
  var batch = 256
  @Option("VARIANCE", "The variance that all words begin with.", .number(above: 0))
  var variance = 0.1
  @Option("LENGTH", "The greatest length of a mean.", .number(above: 0))
  var meanNorm = 6.0
  @Option("VARIANCE", "The least eigenvalue of a covariance.", .number(above: 0))
  var leastVariance = 0.01
  @Option("VARIANCE", "The greatest eigenvalue of a covariance.", .number(above: 0))
  var greatestVariance = 10.0
  @Option("NAME", "Whether contexts have Gaussians of their own: shared or separate.", .choice)
  var contexts = ContextTables.shared
  @Option("COUNT", "Threads to use; all without it.", .optional(.integer(1...1024)))
  var threads: Int? = nil
  @Option("WORDS", "Words to tell about, with commas between them.", .words)
  var words = ["god", "abraham", "wife", "son", "water", "land", "said", "seven"]
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where model and picture go.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    guard leastVariance <= greatestVariance else {
      throw OptionError(
        "--least-variance \(leastVariance) is above --greatest-variance \(greatestVariance)")
    }
    try withThreads(threads) { try train(console) }
  }

  private func train(_ console: Console) throws {
    try OutputFile.makeFolder(output)
    let corpus = try WordCorpus(self.corpus, minimumCount: minimumCount, seed: seed)
    console.write(corpus.summary + "\n")
    let counts = corpus.vocabulary.counts
    let windows = ContextWindows(reach: window)
    let ranking = PairRanking(of: corpus.heldOut, windows: windows, counts: counts, seed: seed)
    let steps = makeSteps(words: counts.count)
    var trainer = try GaussianTextTrainer(
      steps, counts: counts, windows: windows, negatives: negatives, subsampling: subsampling,
      batch: batch, seed: seed)
    console.write(description + "\n")
    try learn(&trainer, corpus.training, ranking, console)
    let report = GaussianReport(words: corpus.vocabulary.tokens, model: steps.words)
    console.write(report.text(about: words, by: similarity.similarity))
    try leave(report, console)
  }

  private func makeSteps(words count: Int) -> GaussianSkipGram {
    withRandom(seed: seed) {
      let words = GaussianEmbedding(count, dimensions, covariance: covariance, variance: variance)
      let others =
        contexts == .shared
        ? nil : GaussianEmbedding(count, dimensions, covariance: covariance, variance: variance)
      let bounds = GaussianBounds(
        meanNorm: meanNorm, eigenvalues: leastVariance...greatestVariance)
      for table in [words, others ?? words] { table.clamp(to: bounds) }
      return GaussianSkipGram(
        words, contexts: others, similarity: similarity.similarity, rule: rule.rule,
        learningRate: learningRate, bounds: bounds)
    }
  }

  private func learn(
    _ trainer: inout GaussianTextTrainer, _ text: Sentences, _ ranking: PairRanking,
    _ console: Console
  ) throws {
    var bar = ProgressBar(total: epochs * text.wordCount, unit: "words", console: console)
    for epoch in 1...epochs {
      var progress = GaussianTextTrainer.Progress()
      var seconds = 0.0
      for part in text.parts(words: 20_000) {
        let start = ProcessInfo.processInfo.systemUptime
        let done = trainer.train(on: part)
        seconds += ProcessInfo.processInfo.systemUptime - start
        progress += done
        let rate = grouped(Int(Double(progress.pairs) / max(seconds, 1e-9)))
        bar.advance(by: done.words, label: "epoch \(epoch)/\(epochs)  \(rate) pairs/s")
      }
      let share = ranking.share { scores(trainer.steps, $0, $1) }
      let number = String(epoch).padded(to: String(epochs).count)
      let loss = fixed(progress.meanLoss, 4)
      let rate = grouped(Int(Double(progress.pairs) / max(seconds, 1e-9)))
      bar.print(
        """
        epoch \(number)/\(epochs)   loss \(loss)   held-out pairs above strangers \
        \(fixed(100 * share, 1)) %   \(rate) pairs/s   \(fixed(seconds, 2)) s
        """)
      guard progress.loss.isFinite else { throw DivergenceError(epoch: epoch) }
    }
    bar.clear()
  }

  private func scores(_ steps: GaussianSkipGram, _ words: Tensor, _ others: Tensor) -> Tensor {
    Tensor(
      steps.words.scores(
        of: words.scalars(as: Int32.self), with: others.scalars(as: Int32.self),
        in: steps.contexts, by: similarity.similarity))
  }

  private func leave(_ report: GaussianReport, _ console: Console) throws {
    let model = OutputFile.path(output, "gaussian-embeddings.safetensors")
    try report.model.save(to: model, metadata: ["covariance": covariance.rawValue])
    let means = OutputFile.path(output, "gaussian-means.txt")
    try WordVectors(words: report.words, vectors: report.model.mean.value)
      .write(to: means, format: .word2vecText)
    let picture = OutputFile.path(output, "gaussian-words.svg")
    try OutputFile.write(
      report.picture(of: words, subtitle: "\(description), seed \(seed)"), to: picture)
    console.write("model: \(model)\nmeans: \(means)\npicture: \(picture)\n")
  }

  private var description: String {
    """
    \(covariance.rawValue) Gaussians in \(dimensions) dimensions, S = \(similarity.formula), \
    \(contexts.rawValue) contexts, \(window) words to each side, \(rule.rawValue) at \(learningRate)
    """
  }
}

/// The similarities that `--similarity` names.
enum GaussianSimilarityName: String, CaseIterable {
  case kernel, plainKernel, kl

  var similarity: GaussianSimilarity {
    switch self {
    case .kernel: .logKernel
    case .plainKernel: .kernel
    case .kl: .negativeDivergence
    }
  }

  var formula: String {
    switch self {
    case .kernel: "log K"
    case .plainKernel: "K"
    case .kl: "−KL(c ‖ w)"
    }
  }
}

/// The rules that `--rule` names.
enum GaussianRuleName: String, CaseIterable {
  case adaGrad, gradientDescent

  var rule: GaussianSkipGram.Rule { self == .adaGrad ? .adaGrad() : .gradientDescent }
}

/// Whether a word has one Gaussian, or another one where it is a context.
enum ContextTables: String, CaseIterable { case shared, separate }
