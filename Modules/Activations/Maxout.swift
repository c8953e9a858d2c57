import Core

/// The greatest of each group of consecutive values.
///
///     maxout(x)ᵢ = max over j < k of x₍ᵢₖ₊ⱼ₎
///
/// The derivative is 1 for the greatest of a group and 0 for the others; equal ones share it.
///
/// - Parameters:
///   - pieces: k, the size of a group; it divides the extent of the axis.
///   - axis: The axis that the groups lie along, the last unless told otherwise.
/// - Returns: The shape of x with that axis k times shorter.
///
/// Source: [Goodfellow et al. 2013].
public func maxout(_ x: Tensor, pieces: Int, along axis: Int = -1) -> Tensor {
  let resolved = axis < 0 ? axis + x.rank : axis
  require(
    resolved >= 0 && resolved < x.rank, "maxout: no axis \(axis) in a tensor of shape \(x.shape)")
  require(
    pieces > 0 && x.shape[resolved] % pieces == 0,
    "maxout: axis \(axis) of shape \(x.shape) does not divide into groups of \(pieces)")
  var grouped = Array(x.shape)
  grouped[resolved] /= pieces
  grouped.insert(pieces, at: resolved + 1)
  return x.reshaped(Shape(grouped)).maximum(along: resolved + 1)
}

/// ``maxout(_:pieces:along:)`` as a layer.
///
/// ```swift
/// Sequential {
///   Dense(64, 128 * 3)
///   Maxout(pieces: 3)          // [batch, 384] → [batch, 128]
/// }
/// ```
public struct Maxout: Layer, Sendable {
  /// Of how many linear pieces the greatest is taken.
  public let pieces: Int
  /// The axis that it acts along; negative ones count from the last.
  public let axis: Int

  /// A layer of so many pieces along an axis, by default the last.
  public init(pieces: Int, along axis: Int = -1) {
    self.pieces = pieces
    self.axis = axis
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { maxout(x, pieces: pieces, along: axis) }
}
