import Core
import Embeddings

// Look-ups and their gradient; word vectors learnt from the text of `--corpus`.

extension Catalogue {
  static var embeddings: [Row] {
    [
      // Forward reads and writes the rows, backward reads the upstream gradient and writes sums.
      Row("embedding-fwdbwd/V10000-D128-ids2048", bytes: 16 * 2048 * 128) {
        let embedding = Embedding(10_000, 128)
        let indices = labels(2048, classes: 10_000)
        let upstream = normal([2048, 128])
        return {
          _ = valueWithGradient(of: embedding) {
            differentiable(embedding(indices), value: { _ in Tensor(0) }) { _, _, _ in upstream }
          }
        }
      },
      // One call is one pass over the whole text.
      Row(
        "train/skip-gram-D100-w5-n5",
        work: {
          var trainer = makeTrainer()
          return Work(items: Double(trainer.train(on: WordText.shared.sentences).pairs))
        }
      ) {
        let text = WordText.shared
        var trainer = makeTrainer()
        return { trainer.train(on: text.sentences) }
      },
    ]
  }

  /// The defaults are those of the row's name, and gensim's: window 5, 5 negatives, subsampling at
  /// 1e-3.
  private static func makeTrainer() -> WordVectorTrainer {
    var settings = WordTrainingSettings()
    settings.dimensions = 100
    // A text without two words that come often enough is a wrong command line.
    return try! WordVectorTrainer(
      counts: WordText.shared.vocabulary.counts, settings: settings, epochs: 5, seed: 7)
  }
}
