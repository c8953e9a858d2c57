import Core

/// The binary tree over words in which frequent ones have short ways.
///
/// ```
/// P(w | h) = Π σ(±h·uₙ)    over the nodes n on the way to w: + to the left, − to the right
/// ```
///
/// The probabilities of all words add up to 1, and a word costs about log₂(total / count) steps
/// instead of as many as there are words. The expected length of a way is the least that any tree
/// has.
///
/// Source: [Morin and Bengio 2005]; with Huffman's tree, [Mikolov et al. 2013]; [Huffman 1952].
public struct HuffmanTree: Sendable {
  /// Where each word's way begins in ``steps``, and after the last word the end: `count + 1`
  /// numbers.
  let starts: [Int32]
  /// All ways, from the root on: 2 · node + 1 to the left, 2 · node to the right.
  let steps: [Int32]
  /// How much of the text each inner node's words make up.
  let weights: [Int]

  /// One decision on the way to a word.
  public struct Step: Sendable, Equatable {
    /// The inner node, of as many as there are words less one; the root is the last.
    public let node: Int
    /// Whether the way goes left.
    public let goesLeft: Bool
  }

  /// - Parameter counts: How often each word comes; at least one word.
  public init(counts: [Int]) {
    require(!counts.isEmpty, "HuffmanTree: there are no words")
    require(counts.count <= 1 << 30, "HuffmanTree: \(counts.count) words are too many")
    require(counts.allSatisfy { $0 >= 0 }, "HuffmanTree: a count is negative")
    let words = counts.count
    // Leaves in ascending order, and inner nodes, which are made in ascending order: the two least
    // are always at the fronts of these two queues.
    let order = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
    var weights: [Int] = []
    var parents = [Int](repeating: -1, count: 2 * words - 1)
    var isLeft = [Bool](repeating: false, count: 2 * words - 1)
    var nextLeaf = 0
    var nextInner = 0
    /// Nodes count from 0 for leaves and from `words` for inner ones.
    func takeLeast() -> (node: Int, weight: Int) {
      if nextLeaf < words,
        nextInner >= weights.count || counts[order[nextLeaf]] <= weights[nextInner]
      {
        nextLeaf += 1
        return (order[nextLeaf - 1], counts[order[nextLeaf - 1]])
      }
      nextInner += 1
      return (words + nextInner - 1, weights[nextInner - 1])
    }
    for inner in 0..<(words - 1) {
      let (first, second) = (takeLeast(), takeLeast())
      parents[first.node] = inner
      parents[second.node] = inner
      isLeft[first.node] = true
      weights.append(first.weight + second.weight)
    }
    self.weights = weights
    var starts: [Int32] = [0]
    var steps: [Int32] = []
    for word in 0..<words {
      let start = steps.count
      var node = word
      while parents[node] >= 0 {
        steps.append(Int32(2 * parents[node] + (isLeft[node] ? 1 : 0)))
        node = words + parents[node]
      }
      steps[start...].reverse()
      starts.append(Int32(steps.count))
    }
    self.starts = starts
    self.steps = steps
  }

  /// The number of words.
  public var count: Int { starts.count - 1 }

  /// The decisions on the way to a word, from the root on.
  public func path(to word: Int) -> [Step] {
    require((0..<count).contains(word), "HuffmanTree: no word \(word) among \(count)")
    return steps[Int(starts[word])..<Int(starts[word + 1])].map {
      Step(node: Int($0 >> 1), goesLeft: $0 & 1 == 1)
    }
  }
}
