import Core

/// Sinusoidal position encodings.
///
/// ```
/// P[t, 2i] = sin(t · base^(−2i/width)),   P[t, 2i + 1] = cos(t · base^(−2i/width))
/// ```
///
/// P of a later place is a rotation of P of an earlier one by an angle for each pair, so that a
/// linear map reaches any distance.
///
/// - Parameters:
///   - count: How many places.
///   - width: How many features; if odd, the last pair lacks its cosine.
///   - first: The first place; the default is 0.
///   - base: The default is 10,000.
///   - dtype: The default is `float32`.
/// - Returns: [count, width].
///
/// [Vaswani et al. 2017]: https://arxiv.org/abs/1706.03762
public func sinusoidalPositions(
  count: Int, width: Int, from first: Int = 0, base: Double = 10_000, dtype: DType = .float32
) -> Tensor {
  require(
    count >= 0 && width >= 0 && base > 0,
    "sinusoidalPositions: \(count) places of \(width) features with base \(base)")
  let angles = phases(from: first, count: count, width: width, base: base)
  let pairs = stacked([sin(angles), cos(angles)], along: -1).flattened(from: 1)
  return pairs.narrowed(-1, from: 0, count: width).contiguous().cast(to: dtype)
}

/// Adds sinusoidal encodings: [batch…, time, width] to the same.
///
/// See ``sinusoidalPositions(count:width:from:base:dtype:)``.
public struct SinusoidalPositions: Layer, Sendable {
  /// The slowest pair takes 2π · base places for a turn.
  public let base: Double

  /// - Parameter base: The default is 10,000.
  public init(base: Double = 10_000) {
    require(base > 0, "SinusoidalPositions: a base of \(base)")
    self.base = base
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, from: 0) }

  /// - Parameter first: The place of the first.
  public func callAsFunction(_ x: Tensor, from first: Int) -> Tensor {
    require(x.rank >= 2, "SinusoidalPositions: an input of shape \(x.shape) has no time axis")
    let x = floating(x)
    return x
      + sinusoidalPositions(
        count: x.shape[x.rank - 2], width: x.shape[x.rank - 1], from: first, base: base,
        dtype: x.dtype)
  }
}
