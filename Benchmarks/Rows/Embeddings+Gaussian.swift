import Core
import Embeddings

// The max-margin step of Gaussian embeddings: 1,024 triples of a vocabulary of 6,000 words, about
// that of the King James Bible, in 50 dimensions with diagonal covariances; log K, AdaGrad.

extension Catalogue {
  static var gaussianEmbeddings: [Row] {
    [
      Row("train/gaussian-skip-gram-D50-diagonal", items: 1024) {
        let (words, count) = (6000, 1024)
        let training = GaussianSkipGram(GaussianEmbedding(words, 50))
        // Enough of them that the margins are not learnt by heart, and rows move as in training.
        let batches = (0..<64).map { _ in
          (
            frequent(count, of: words), frequent(count, of: words), drawn(count, of: words)
          )
        }
        var next = 0
        return {
          let batch = batches[next]
          next = (next + 1) % batches.count
          training.step(words: batch.0, positives: batch.1, negatives: batch.2)
        }
      }
    ]
  }

  /// Words by Zipf's law: the r-th has probability proportional to 1/r.
  private static func frequent(_ count: Int, of words: Int) -> [Int32] {
    let most = log(Tensor.full([], Double(words)))
    return exp(uniform(count) * most).scalars(as: Float.self).map {
      min(Int32($0), Int32(words)) - 1
    }
  }

  /// The same to the power of 3/4.
  private static func drawn(_ count: Int, of words: Int) -> [Int32] {
    let fourth = square(square(uniform(count)))
    return (fourth * Double(words)).scalars(as: Float.self).map { min(Int32($0), Int32(words) - 1) }
  }

  private static func uniform(_ count: Int) -> Tensor {
    var generator = RandomGenerator.split()
    return .randomUniform([count], in: 0..<1, using: &generator)
  }
}
