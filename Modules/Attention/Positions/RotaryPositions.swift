import Core

/// Rotary positions: pairs of features turned by an angle in proportion to their place, so that the
/// product of a query and a key depends on the distance between them only.
///
/// ```
/// (aᵢ, bᵢ) ↦ (aᵢ cos θ − bᵢ sin θ, aᵢ sin θ + bᵢ cos θ),   θ = t · base^(−2i/width),   i < width/2
/// ```
///
/// ```swift
/// let attention = MultiHeadAttention(256, heads: 8, rotary: RotaryPositions(32))
/// ```
///
/// [Su et al. 2021]: https://arxiv.org/abs/2104.09864
public struct RotaryPositions: Sendable {
  /// Which features make a pair.
  public enum Pairing: Sendable {
    /// i and i + width/2, as most implementations have it.
    case halves
    /// 2i and 2i + 1, as in the paper.
    case neighbours
  }

  /// How many of the features turn, from the first on: an even number.
  public let width: Int
  /// The slowest pair turns once in about 2π · base places.
  public let base: Double
  /// Which features are turned together.
  public let pairing: Pairing

  /// - Parameters:
  ///   - width: How many features turn; the rest stays.
  ///   - base: The default is 10,000.
  ///   - pairing: The default is ``Pairing/halves``.
  public init(_ width: Int, base: Double = 10_000, pairing: Pairing = .halves) {
    require(
      width >= 0 && width.isMultiple(of: 2), "RotaryPositions: a width of \(width) is not even")
    require(base > 0, "RotaryPositions: a base of \(base)")
    self.width = width
    self.base = base
    self.pairing = pairing
  }

  /// The features turned for their places.
  ///
  /// - Parameters:
  ///   - x: [batch…, time, feature], with at least ``width`` features.
  ///   - first: The place of the first; the default is 0.
  public func callAsFunction(_ x: Tensor, from first: Int = 0) -> Tensor {
    let features = x.rank >= 2 ? x.shape[x.rank - 1] : 0
    require(
      x.rank >= 2 && features >= width,
      "RotaryPositions: an input of shape \(x.shape) has no time axis or less than \(width) features"
    )
    let x = floating(x)
    let (cosine, sine) = waves(x.shape[x.rank - 2], from: first, dtype: x.dtype)
    let turning = x.narrowed(-1, from: 0, count: width)
    let turned: Tensor
    switch pairing {
    case .halves:
      let pairs = turning.split(count: 2, along: -1)
      let (a, b) = (pairs[0], pairs[1])
      turned = concatenated([a * cosine - b * sine, a * sine + b * cosine], along: -1)
    case .neighbours:
      let pairs = turning.reshaped(Array(x.shape.dropLast()) + [width / 2, 2])
        .split(count: 2, along: -1).map { $0.squeezed(-1) }
      let (a, b) = (pairs[0], pairs[1])
      turned = stacked([a * cosine - b * sine, a * sine + b * cosine], along: -1)
        .reshaped(turning.shape)
    }
    if features == width { return turned }
    return concatenated(
      [turned, x.narrowed(-1, from: width, count: features - width)], along: -1)
  }

  /// Cosines and sines of the angles, each [time, width / 2].
  private func waves(_ count: Int, from first: Int, dtype: DType) -> (Tensor, Tensor) {
    let angles = phases(from: first, count: count, width: width, base: base)
    return (cos(angles).cast(to: dtype), sin(angles).cast(to: dtype))
  }
}
