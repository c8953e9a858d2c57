import Core

/// The tokens whose vectors point most nearly where a token's does.
enum TokenNeighbours {
  /// For each token, the nearest others with the cosine of the angle, nearest first.
  ///
  /// - Parameters:
  ///   - vectors: [vocabulary, width].
  ///   - others: Tokens that are no one's neighbour.
  static func nearest(
    to tokens: [Int], in vectors: Tensor, count: Int, leavingOut others: Set<Int> = []
  ) -> [[(token: Int, cosine: Double)]] {
    let lengths = sqrt(square(vectors).sum(along: 1, keepingAxes: true))
    let units = vectors / maximum(lengths, Tensor(1e-12))
    let queries = units.gathered(at: Tensor(scalars: tokens, shape: [tokens.count]))
    let best = matmul(queries, units.transposed()).topK(
      min(count + 1 + others.count, vectors.shape[0]))
    let (cosines, indices) = (
      best.values.scalars(as: Double.self), best.indices.scalars(as: Int.self)
    )
    let width = best.indices.shape[1]
    return tokens.indices.map { row in
      (row * width..<(row + 1) * width).filter {
        indices[$0] != tokens[row] && !others.contains(indices[$0])
      }.prefix(count)
        .map { (indices[$0], cosines[$0]) }
    }
  }
}
