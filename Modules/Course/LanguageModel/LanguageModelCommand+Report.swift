import Core
import Foundation

// What `course language-model` says and draws.

extension LanguageModelCommand {
  func describe(_ model: some Layer, _ text: LanguageText, _ console: Console) {
    let unknown = text.vocabulary.unknown.map { text.vocabulary.counts[$0] } ?? 0
    let share = 100 * Double(unknown) / Double(max(text.training.count, 1))
    let shape = layers == 1 ? "\(hidden)" : "\(layers) × \(hidden)"
    console.write(
      """
      \(text.origin): \(grouped(text.training.count)) \(text.noun) to learn, \
      \(grouped(text.heldOut.count)) to test, \(grouped(text.vocabulary.count)) different ones, \
      \(fixed(share, 1)) % unknown
      \(cell.rawValue) \(shape) on vectors of \(width)\(tied ? ", tied" : ""): \
      \(grouped(model.parameterCount)) parameters, \(optimizer.rawValue) at \(rate), \
      \(batch) streams in windows of \(window), threads: \(Parallel.threadCount)

      """)
  }

  func draw(_ history: [LanguageEpoch], _ console: Console) throws {
    guard !history.isEmpty else { return }
    let path = OutputFile.path(output, "language-model-learning-curve.svg")
    let picture = LineChart(
      title: "Learning curve",
      subtitle:
        "\(corpus ?? "Genesis") by \(level)s, \(cell) of \(hidden), \(optimizer), seed \(seed)",
      xTitle: "epoch",
      panels: [
        panel("Perplexity", history) { $0 }, panel("Bits a \(level)", history) { log2($0) },
      ])
    try OutputFile.write(picture.svg(), to: path)
    console.write("learning curve: \(path)\n")
  }

  private func panel(
    _ title: String, _ history: [LanguageEpoch], _ value: (Double) -> Double
  ) -> LineChart.Panel {
    let epochs = (1...max(history.count, 1)).map(Double.init)
    return LineChart.Panel(
      title: title,
      series: [
        .init(name: "training", x: epochs, y: history.map { value($0.training) }),
        .init(name: "held out", x: epochs, y: history.map { value($0.heldOut) }),
      ])
  }

  func write(_ generation: TextGeneration<some LanguageModel>, _ console: Console) {
    var generator = RandomGenerator.split()
    let count = length ?? (level == .word ? 60 : 400)
    let lines = generation.sample(
      count: count, TokenSampling(temperature: temperature, topK: topK), using: &generator)
    console.write("sample at temperature \(temperature):\n")
    for line in lines { console.write("  \(line)\n") }
    guard let beam, let best = generation.likeliest(width: beam, length: count) else { return }
    console.write("likeliest line of \(beam), ln p \(fixed(best.logProbability, 2)):\n")
    for line in best.lines { console.write("  \(line)\n") }
  }

  func listNeighbours(
    _ model: some LanguageModel, _ text: LanguageText, _ console: Console
  ) {
    let tokens = text.notable(8)
    let lists = TokenNeighbours.nearest(
      to: tokens, in: model.vectors.value, count: 5, leavingOut: text.special)
    console.write("nearest vectors:\n")
    for (token, neighbours) in zip(tokens, lists) {
      let words = neighbours.map { "\(text.vocabulary.tokens[$0.token]) \(fixed($0.cosine, 2))" }
      let name = text.vocabulary.tokens[token].filled(to: 10)
      console.write("  \(name) \(words.joined(separator: ", "))\n")
    }
  }
}
