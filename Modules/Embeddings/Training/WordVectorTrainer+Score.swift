import Core

extension WordVectorTrainer {
  /// How well words and neighbours go together, as the model has learnt it so far.
  ///
  /// ```
  /// h·u                        negative sampling and softmax
  /// Σ log σ(±h·uₙ)             hierarchical softmax: log P(neighbour | word)
  /// ```
  ///
  /// A skip-gram predicts the neighbour from the word; a bag of words, the word from this neighbour
  /// alone.
  ///
  /// - Parameters:
  ///   - words: Integers, [pair].
  ///   - neighbours: Integers, [pair].
  /// - Returns: [pair].
  public func score(_ words: Tensor, _ neighbours: Tensor) -> Tensor {
    require(
      words.rank == 1 && words.shape == neighbours.shape,
      "score: words of shape \(words.shape) beside neighbours of shape \(neighbours.shape)")
    let isBag = settings.architecture == .bagOfWords
    let (sources, targets) = isBag ? (neighbours, words) : (words, neighbours)
    let hidden = tables.input.gathered(at: sources)
    guard let tree else { return (hidden * tables.output.gathered(at: targets)).sum(along: 1) }
    var (owners, nodes, signs): ([Int], [Int], [Double]) = ([], [], [])
    for (pair, target) in targets.scalars(as: Int.self).enumerated() {
      for step in tree.path(to: target) {
        owners.append(pair)
        nodes.append(step.node)
        signs.append(step.goesLeft ? 1 : -1)
      }
    }
    let owner = Tensor(owners)
    let products =
      (hidden.gathered(at: owner) * tables.output.gathered(at: Tensor(nodes))).sum(along: 1)
    let logs = -softplus(-Tensor(signs, dtype: .float32) * products)
    return Tensor.zeros([words.count]).adding(logs, at: owner)
  }
}
