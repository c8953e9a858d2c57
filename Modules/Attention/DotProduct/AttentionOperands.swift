import Core

/// Query, key and value of an attention in their common floating type, checked against each other.
struct AttentionOperands {
  /// [batch…, head, query, feature]
  var query: Tensor
  /// [batch…, key–value head, key, feature]
  var key: Tensor
  /// [batch…, key–value head, key, value feature]
  var value: Tensor

  init(_ query: Tensor, _ key: Tensor, _ value: Tensor, in operation: StaticString) {
    let shapes = "query \(query.shape), key \(key.shape), value \(value.shape)"
    let rank = query.rank
    require(
      rank >= 2 && key.rank == rank && value.rank == rank,
      "\(operation): the operands differ in rank, or are no matrices: \(shapes)")
    require(
      query.shape[rank - 1] == key.shape[rank - 1],
      "\(operation): queries and keys differ in features: \(shapes)")
    require(
      key.shape[rank - 2] == value.shape[rank - 2],
      "\(operation): a value is needed for each key: \(shapes)")
    if rank > 2 {
      let (heads, shared) = (query.shape[rank - 3], key.shape[rank - 3])
      require(
        shared == value.shape[rank - 3] && shared > 0 && heads % shared == 0,
        "\(operation): the heads of the query are no multiple of those of key and value: \(shapes)")
      require(
        query.shape.dropLast(3).elementsEqual(key.shape.dropLast(3))
          && query.shape.dropLast(3).elementsEqual(value.shape.dropLast(3)),
        "\(operation): the batches differ: \(shapes); broadcast(to:) stretches one")
    }
    let dtype = max(floating(query).dtype, floating(key).dtype, floating(value).dtype)
    self.query = query.cast(to: dtype)
    self.key = key.cast(to: dtype)
    self.value = value.cast(to: dtype)
  }

  /// How many heads of the query share one of key and value.
  var group: Int {
    query.rank > 2 ? query.shape[query.rank - 3] / key.shape[query.rank - 3] : 1
  }

  /// [batch…, head, query, key]
  var weightShape: Shape { Shape(query.shape.dropLast() + [key.shape[key.rank - 2]]) }
}
