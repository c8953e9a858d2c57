import Core
import Foundation

/// A penalty in proportion to the distance, with a fixed slope for each head (ALiBi).
///
/// ```
/// bias[h, i, j] = −slopeₕ |i − j|,   slopeₕ = 2^(−8 (h + 1) / heads)
/// ```
///
/// for a number of heads that is a power of two; else the slopes of the power of two below, followed
/// by every other slope of twice that power.
///
/// [Press et al. 2022]: https://arxiv.org/abs/2108.12409
public struct LinearBias: PositionBias {
  /// One for each head.
  public let slopes: [Double]

  /// A slope for each head, in a geometric series.
  public init(heads: Int) {
    require(heads >= 0, "LinearBias: \(heads) heads")
    slopes = LinearBias.slopes(heads)
  }

  public func callAsFunction(queries: Int, keys: Int, firstQuery: Int) -> Tensor {
    let distance = abs(distances(queries: queries, keys: keys, firstQuery: firstQuery))
    return -Tensor(slopes, dtype: .float32).reshaped([-1, 1, 1]) * distance.cast(to: .float32)
  }

  private static func slopes(_ heads: Int) -> [Double] {
    if heads == 0 { return [] }
    let power = 1 << (Int.bitWidth - 1 - heads.leadingZeroBitCount)
    let whole = (1...power).map { exp2(-8 * Double($0) / Double(power)) }
    let between = (0..<(heads - power)).map { exp2(-4 * Double(2 * $0 + 1) / Double(power)) }
    return whole + between
  }
}
