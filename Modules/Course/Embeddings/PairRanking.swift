import Core
import Embeddings

/// Pairs of neighbours from held-out text, each beside a pair of the same word and a stranger.
///
/// Strangers are drawn as the negative examples of a training are, in proportion to count^¾; so a
/// model cannot win by preferring frequent words.
struct PairRanking {
  /// `int64`, [pair], all three.
  let words: Tensor
  let neighbours: Tensor
  let strangers: Tensor

  /// At most `limit` pairs, evenly picked.
  init(
    of text: Sentences, windows: ContextWindows, counts: [Int], limit: Int = 20_000,
    seed: UInt64
  ) {
    var generator = RandomGenerator(seed: seed)
    let pairs = windows.pairs(of: text, using: &generator)
    let stride = max(1, (pairs.count + limit - 1) / limit)
    let picked = Swift.stride(from: 0, to: pairs.count, by: stride)
    words = Tensor(picked.map { Int(pairs.words[$0]) })
    neighbours = Tensor(picked.map { Int(pairs.neighbours[$0]) })
    strangers = Tensor(
      AliasTable(counts: counts).draws(words.count, using: &generator).map { Int($0) })
  }

  var count: Int { words.count }

  /// The share of pairs of neighbours whose score is above that of the pair with a stranger; a tie
  /// counts half. NaN without pairs.
  ///
  /// - Parameter score: The scores of words beside others, [pair], higher for what belongs together.
  func share(scoredBy score: (_ words: Tensor, _ others: Tensor) -> Tensor) -> Double {
    let difference = score(words, neighbours) - score(words, strangers)
    return ((sign(difference) + 1) / 2).mean().item()
  }
}
