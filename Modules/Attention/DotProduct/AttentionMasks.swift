import Core

/// Which keys come no later than each query: true where j ≤ i + firstQuery.
///
/// - Parameters:
///   - queries: The number of queries.
///   - keys: The number of keys; as many as queries if `nil`.
///   - firstQuery: The place of the first query among the keys: with a cache of earlier keys, how
///     many it holds. The default is 0.
/// - Returns: Bool, [query, key].
public func causalMask(queries: Int, keys: Int? = nil, firstQuery: Int = 0) -> Tensor {
  let rows = (Tensor.range(0..<queries) + Double(firstQuery)).expandingShape(at: 1)
  return Tensor.range(0..<(keys ?? queries)) .<= rows
}

/// Which keys are no padding: true where j is below the length of its sequence.
///
/// - Parameters:
///   - lengths: Of each sequence of the batch.
///   - count: How many keys each is padded to.
/// - Returns: Bool, [batch, key]. For ``scaledDotProductAttention(_:_:_:mask:isCausal:firstQuery:scale:dropout:form:)``
///   it needs two axes more: `mask.reshaped([batch, 1, 1, key])`; ``MultiHeadAttention`` takes it
///   as it is.
public func paddingMask(lengths: [Int], count: Int) -> Tensor {
  for length in lengths {
    require(
      (0...count).contains(length), "paddingMask: a length of \(length) of \(count) keys")
  }
  let limits = Tensor(scalars: lengths, shape: [lengths.count, 1])
  return Tensor.range(0..<count) .< limits
}

/// Which keys lie within a distance of each query: true where |i + firstQuery − j| ≤ distance.
///
/// - Returns: Bool, [query, key].
public func windowMask(queries: Int, keys: Int? = nil, distance: Int, firstQuery: Int = 0) -> Tensor
{
  let rows = (Tensor.range(0..<queries) + Double(firstQuery)).expandingShape(at: 1)
  return abs(Tensor.range(0..<(keys ?? queries)) - rows) .<= Double(distance)
}
