import Core

/// Keys and values that a ``MultiHeadAttention`` has made, kept so that the next tokens need not
/// make them again.
///
/// ```swift
/// var cache = KeyValueCache()
/// for token in tokens { y = attention(embedding(token), cache: &cache) }   // [batch, 1, width]
/// ```
///
/// One cache serves one layer and one batch of sequences.
public struct KeyValueCache: Sendable {
  /// [batch…, key–value head, time, feature]; `nil` before the first token.
  public private(set) var keys: Tensor?
  /// [batch…, key–value head, time, feature]; `nil` before the first token.
  public private(set) var values: Tensor?

  /// A cache of nothing yet.
  public init() {}

  /// How many places are held.
  public var count: Int { keys.map { $0.shape[$0.rank - 2] } ?? 0 }

  mutating func append(_ newKeys: Tensor, _ newValues: Tensor) {
    guard let keys, let values else {
      (self.keys, self.values) = (newKeys, newValues)
      return
    }
    require(
      newKeys.rank == keys.rank && newKeys.shape.dropLast(2).elementsEqual(keys.shape.dropLast(2)),
      "KeyValueCache: holds keys of shape \(keys.shape), cannot append \(newKeys.shape)")
    self.keys = concatenated([keys, newKeys], along: -2)
    self.values = concatenated([values, newValues], along: -2)
  }

  /// Takes rows of the batch in another order, as a beam search does.
  ///
  /// - Parameter rows: Indices along the first axis; one may occur any number of times.
  public mutating func reorder(_ rows: [Int]) {
    let indices = Tensor(scalars: rows, shape: [rows.count])
    keys = keys?.gathered(at: indices)
    values = values?.gathered(at: indices)
  }
}
