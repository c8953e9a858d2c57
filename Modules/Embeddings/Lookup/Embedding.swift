import Core

/// A table of vectors, one for each of a set of numbered things: words, symbols, users.
///
/// ```
/// y[j…] = weight[index[j…]]
/// ```
///
/// ```swift
/// let embedding = Embedding(vocabulary.count, 128)
/// let y = embedding(indices)              // [batch, time] → [batch, time, 128]
/// ```
///
/// The gradient of a loss with respect to the table is a `RowGradient` of the rows that were
/// looked up, with repeated ones added in order; rules that act by row leave all others untouched.
public struct Embedding: Layer, Sendable {
  /// [entry, feature]
  public let weight: Parameter
  /// The entry that stands for no thing at all, if there is one: no gradient flows to its vector.
  public let padding: Int?
  /// The greatest length of a vector that comes out, if there is one.
  public let maximumNorm: Double?

  /// - Parameters:
  ///   - count: The number of entries.
  ///   - width: The number of features.
  ///   - padding: An entry whose vector starts at zero and stays there; none unless told otherwise.
  ///   - maximumNorm: Longer vectors come out scaled back to this length, y = w min(1, m / ‖w‖),
  ///     and the gradient is that of the scaled ones; no limit unless told otherwise.
  ///   - initializer: Draws the table; standard normal unless told otherwise, as PyTorch's.
  public init(
    _ count: Int, _ width: Int, padding: Int? = nil, maximumNorm: Double? = nil,
    initializer: Initializer = .normal(deviation: 1)
  ) {
    require(count >= 0 && width >= 0, "Embedding: \(count) entries of \(width) features")
    var table = initializer.tensor([count, width], inputs: count, outputs: width)
    if let padding, (0..<count).contains(padding) {
      table.withMutableScalars(as: Float.self) { scalars in
        for feature in 0..<width { scalars[padding * width + feature] = 0 }
      }
    }
    self.init(weight: Parameter(table), padding: padding, maximumNorm: maximumNorm)
  }

  /// A table that exists: another layer's, or pretrained vectors ([entry, feature]). Freeze the
  /// parameter to keep them as they are.
  public init(weight: Parameter, padding: Int? = nil, maximumNorm: Double? = nil) {
    require(
      weight.shape.count == 2 && weight.dtype.isFloating,
      "Embedding: the table is \(weight.dtype) of shape \(weight.shape), not [entry, feature]")
    require(
      padding.map((0..<weight.shape[0]).contains) ?? true,
      "Embedding: no entry \(padding ?? 0) among \(weight.shape[0]) to be the padding")
    require(
      maximumNorm ?? 1 > 0, "Embedding: the maximum norm \(maximumNorm ?? 0) is not positive")
    self.weight = weight
    self.padding = padding
    self.maximumNorm = maximumNorm
  }

  /// The vectors of some entries.
  ///
  /// - Parameter indices: Integers of any shape. One outside 0..<count traps.
  /// - Returns: [indices…, feature].
  public func callAsFunction(_ indices: Tensor) -> Tensor {
    reported(self, indices) { indices in
      lookup(indices, in: weight.value, padding: padding, maximumNorm: maximumNorm)
    }
  }
}

extension Embedding: SummarizedLayer {
  public var summaryKind: String { "Embedding" }
}

/// The rows of a table at `indices`: see ``Embedding``.
///
/// - Parameters:
///   - indices: Integers of any shape, within 0..<entries; another traps.
///   - table: [entry, feature].
///   - padding: An entry that no gradient flows to; none unless told otherwise.
///   - maximumNorm: The greatest length of a row that comes out; no limit unless told otherwise.
/// - Returns: [indices…, feature].
public func lookup(
  _ indices: Tensor, in table: Tensor, padding: Int? = nil, maximumNorm: Double? = nil
) -> Tensor {
  require(table.rank == 2, "lookup: the table has shape \(table.shape), not [entry, feature]")
  let index = checkedIndices(
    indices, extent: table.shape[0], in: "lookup", allowsNegative: false)
  let rows = table.lookedUp(at: index, skippingGradientOf: padding ?? -1)
  guard let maximumNorm else { return rows }
  let squares = square(rows).sum(along: -1, keepingAxes: true)
  // Vectors within the limit are divided by it and multiplied by it again; a maximum instead of a
  // minimum of quotients leaves the derivative finite at the zero vector.
  return rows * (maximumNorm / sqrt(maximum(squares, maximumNorm * maximumNorm)))
}
