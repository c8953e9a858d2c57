import Core

/// What is added to the scores of attention for the places of query and key alone.
///
/// A type of yours that holds parameters has them trained: they are found as those of any layer.
public protocol PositionBias: Sendable {
  /// - Parameters:
  ///   - queries: The number of queries, the first of which has the place `firstQuery` among the
  ///     keys.
  ///   - keys: The number of keys.
  /// - Returns: [head, query, key], or with an extent of 1 where it is the same for all.
  func callAsFunction(queries: Int, keys: Int, firstQuery: Int) -> Tensor
}

/// j − i − firstQuery, how much later each key is than each query: `int64`, [query, key].
func distances(queries: Int, keys: Int, firstQuery: Int) -> Tensor {
  Tensor.range(0..<keys) - (Tensor.range(0..<queries) + Double(firstQuery)).expandingShape(at: 1)
}
