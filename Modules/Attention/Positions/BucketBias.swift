import Core
import Foundation

/// A trained number for each head and each range of distances (T5): near places each have one of
/// their own, far ones share them, in ranges that grow by a constant factor.
///
/// With n buckets for a direction and a distance d, the bucket is d below n/2, else
///
/// ```
/// min(n/2 + ⌊ln(2d/n) / ln(2 · farthest/n) · n/2⌋, n − 1)
/// ```
///
/// [Raffel et al. 2020]: https://arxiv.org/abs/1910.10683
public struct BucketBias: PositionBias {
  /// [buckets, heads]
  public let weight: Parameter
  /// Whether later keys have buckets of their own, half of all; else they share that of distance 0.
  public let isBidirectional: Bool
  /// The distance from which on all share a bucket.
  public let farthest: Int

  /// - Parameters:
  ///   - buckets: The default is 32.
  ///   - isBidirectional: The default is `true`; a decoder wants `false`.
  ///   - farthest: The default is 128.
  ///   - initializer: Draws the numbers; the default is normal with deviation 1/√heads.
  public init(
    heads: Int, buckets: Int = 32, isBidirectional: Bool = true, farthest: Int = 128,
    initializer: Initializer? = nil
  ) {
    let each = isBidirectional ? buckets / 2 : buckets
    require(
      heads > 0 && each >= 2 && farthest > each / 2,
      "BucketBias: \(buckets) buckets up to distance \(farthest) for \(heads) heads")
    let initializer = initializer ?? .normal(deviation: 1 / Double(heads).squareRoot())
    weight = Parameter(initializer.tensor([buckets, heads], inputs: heads, outputs: heads))
    self.isBidirectional = isBidirectional
    self.farthest = farthest
  }

  public func callAsFunction(queries: Int, keys: Int, firstQuery: Int) -> Tensor {
    // One bucket for each distance that occurs; the rows are then slices of one vector.
    let relative = distances(queries: queries, keys: keys, firstQuery: firstQuery)
    let first = -(firstQuery + queries - 1)
    let ofDistance = (first..<max(first, keys - firstQuery)).map(bucket(of:))
    if ofDistance.isEmpty {
      return .zeros([weight.shape[1], queries, keys], dtype: weight.dtype)
    }
    let buckets = Tensor(scalars: ofDistance, shape: [ofDistance.count])
    return weight.value.gathered(at: buckets)  // [distance, head]
      .transposed().gathered(at: relative - Double(first), along: 1)  // [head, query, key]
  }

  /// The bucket of a key that comes `distance` after the query.
  public func bucket(of distance: Int) -> Int {
    let all = weight.shape[0]
    let count = isBidirectional ? all / 2 : all
    let start = isBidirectional && distance > 0 ? count : 0
    let size = isBidirectional ? abs(distance) : max(-distance, 0)
    let exact = count / 2
    if size < exact { return start + size }
    let growth =
      Foundation.log(Double(size) / Double(exact))
      / Foundation.log(Double(farthest) / Double(exact))
    return start + min(exact + Int(growth * Double(count - exact)), count - 1)
  }
}
