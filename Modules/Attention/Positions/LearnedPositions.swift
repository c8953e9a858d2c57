import Core

/// Adds a trained vector for each place: [batch…, time, width] to the same.
///
/// ```swift
/// let positions = LearnedPositions(128, width: 256)
/// ```
public struct LearnedPositions: Layer, Sendable {
  /// [places, width]
  public let weight: Parameter

  /// - Parameters:
  ///   - count: How many places there are: no input may be longer.
  ///   - width: How many features.
  ///   - initializer: Draws the vectors; the default is normal with deviation 0.02.
  public init(
    _ count: Int, width: Int, initializer: Initializer = .normal(deviation: 0.02)
  ) {
    require(count >= 0 && width >= 0, "LearnedPositions: \(count) places of \(width) features")
    weight = Parameter(initializer.tensor([count, width], inputs: count, outputs: width))
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, from: 0) }

  /// - Parameter first: The place of the first.
  public func callAsFunction(_ x: Tensor, from first: Int) -> Tensor {
    reported(self, x) { x in
      require(
        x.rank >= 2 && x.shape[x.rank - 1] == weight.shape[1]
          && first + x.shape[x.rank - 2] <= weight.shape[0],
        "LearnedPositions: an input of shape \(x.shape) from place \(first) on does not fit \(weight.shape) [places, width]"
      )
      return x + weight.value.narrowed(0, from: first, count: x.shape[x.rank - 2])
    }
  }
}
