import Core

extension WordVectors {
  /// A word that a query found.
  public struct Neighbour: Sendable, Equatable {
    /// The word.
    public let word: String
    /// The cosine of the angle to what was asked for.
    public let similarity: Double
  }

  /// The cosine of the angle between two words' vectors, from −1 to 1; 0 with the zero vector.
  ///
  ///     a·b / (‖a‖ ‖b‖)
  public func similarity(_ a: String, _ b: String) throws(UnknownWordError) -> Double {
    try similarities([(a, b)])[0]
  }

  /// The words whose vectors point most nearly where this word's does, nearest first; not itself.
  ///
  /// All words are compared, by a matrix product on all threads. Of equally near ones, the first
  /// word comes first.
  public func neighbours(
    of word: String, count: Int = 10
  ) throws(UnknownWordError) -> [Neighbour] {
    try neighbours(of: [word], count: count)[0]
  }

  /// The same for many words at once.
  public func neighbours(
    of words: [String], count: Int = 10
  ) throws(UnknownWordError) -> [[Neighbour]] {
    var queried: [Int] = []
    for word in words { queried.append(try known(word)) }
    return nearest(
      to: vectors.gathered(at: Tensor(queried)), count: count, leavingOut: queried.map { [$0] })
  }

  /// The words nearest to vectors of your own.
  ///
  /// - Parameter queries: [query, dimension].
  /// - Returns: For each query, as many as there are, up to `count`.
  public func neighbours(of queries: Tensor, count: Int = 10) -> [[Neighbour]] {
    require(
      queries.rank == 2 && queries.shape[1] == dimensions,
      "neighbours: queries of shape \(queries.shape), not [query, \(dimensions)]")
    return nearest(
      to: queries.cast(to: .float32), count: count,
      leavingOut: Array(repeating: [], count: queries.shape[0]))
  }

  /// The words d for which a is to b as c is to d:
  ///
  ///     b / ‖b‖ − a / ‖a‖ + c / ‖c‖
  ///
  /// and what is nearest to that, the three themselves left out.
  ///
  /// Source: [Mikolov et al. 2013], "Linguistic regularities in continuous space word
  /// representations".
  public func analogy(
    _ a: String, _ b: String, _ c: String, count: Int = 10
  ) throws(UnknownWordError) -> [Neighbour] {
    let indices = [try known(a), try known(b), try known(c)]
    let index = Tensor(indices)
    let units = vectors.gathered(at: index) / lengths.gathered(at: index).reshaped([3, 1])
    let query = units[1] - units[0] + units[2]
    return nearest(to: query.expandingShape(at: 0), count: count, leavingOut: [indices])[0]
  }

  /// The cosines of many pairs.
  func similarities(_ pairs: [(String, String)]) throws(UnknownWordError) -> [Double] {
    var (first, second): ([Int], [Int]) = ([], [])
    for (a, b) in pairs {
      first.append(try known(a))
      second.append(try known(b))
    }
    let (a, b) = (Tensor(first), Tensor(second))
    let products = (vectors.gathered(at: a) * vectors.gathered(at: b)).sum(along: 1)
    return (products / (lengths.gathered(at: a) * lengths.gathered(at: b))).scalars(as: Double.self)
  }

  /// Queries are taken in blocks, so that their cosines with all words stay within some megabytes.
  private func nearest(
    to queries: Tensor, count: Int, leavingOut: [[Int]]
  ) -> [[Neighbour]] {
    require(count >= 0, "neighbours: a count of \(count)")
    let block = max(1, (1 << 22) / max(self.count, 1))
    let columns = lengths.reshaped([1, -1])
    var result: [[Neighbour]] = []
    for start in stride(from: 0, to: queries.shape[0], by: block) {
      let part = queries[start..<min(start + block, queries.shape[0])]
      let cosines =
        matmul(part, vectors.transposed()) / (columns * safeLengths(part).reshaped([-1, 1]))
      // Room for what is left out.
      let most = (0..<part.shape[0]).map { leavingOut[start + $0].count }.max() ?? 0
      let (values, found) = cosines.topK(min(self.count, count + most))
      let (similarities, indices) = (values.scalars(as: Double.self), found.scalars(as: Int.self))
      for row in 0..<part.shape[0] {
        let places = (row * values.shape[1])..<((row + 1) * values.shape[1])
        result.append(
          places.filter { !leavingOut[start + row].contains(indices[$0]) }.prefix(count).map {
            Neighbour(word: words[indices[$0]], similarity: similarities[$0])
          })
      }
    }
    return result
  }
}
