import Core

/// A way to lay the same elements out in memory.
enum Arrangement: CaseIterable {
  case contiguous, transposed, sliced, reversed, broadcast

  /// `x` in this arrangement; a broadcast one repeats the first slice of an axis, so that its
  /// elements are others.
  func callAsFunction(_ x: Tensor, using generator: inout RandomGenerator) -> Tensor {
    switch self {
    case .contiguous:
      return x
    case .transposed:
      let order = Array(0..<x.rank).shuffled(using: &generator)
      let inverse = order.indices.map { order.firstIndex(of: $0)! }
      return x.permuted(order).contiguous().permuted(inverse)
    case .sliced:
      let strided = stacked([Tensor.zeros(like: x), x], along: -1)[.ellipsis, 1]
      var result = strided.padded(x.shape.map { _ in (1, 2) }, with: 9)
      for axis in 0..<x.rank { result = result.narrowed(axis, from: 1, count: x.shape[axis]) }
      return result
    case .reversed:
      guard x.rank > 0, x.shape[0] > 0 else { return x }
      let backward = stride(from: x.shape[0] - 1, through: 0, by: -1)
      return x[backward].contiguous()[backward]
    case .broadcast:
      guard x.rank > 0, x.count > 0 else { return x }
      let axis = Int.random(in: 0..<x.rank, using: &generator)
      return x.narrowed(axis, from: 0, count: 1).broadcast(to: x.shape)
    }
  }
}

/// Where a function is defined and smooth.
enum Domain {
  case real, positive, inner, awayFromZero

  func callAsFunction(_ shape: Shape, _ dtype: DType, using generator: inout RandomGenerator)
    -> Tensor
  {
    let range: Range<Double> =
      switch self {
      case .real: -2..<2
      case .positive, .awayFromZero: 0.4..<2
      case .inner: -0.8..<0.8
      }
    let x = Tensor.randomUniform(shape, in: range, dtype: dtype, using: &generator)
    guard self == .awayFromZero else { return x }
    let isNegative = Tensor.randomBernoulli(shape, probability: 0.5, using: &generator)
    return select(isNegative, -x, x)
  }
}

extension Shape {
  /// A random shape of few elements; extents of 0 and 1 are among them.
  static func random(
    rank: ClosedRange<Int> = 0...4, isEmptyAllowed: Bool = true, upTo elements: Int = 24,
    using generator: inout RandomGenerator
  ) -> Shape {
    while true {
      let count = Int.random(in: rank, using: &generator)
      let shape = Shape(
        (0..<count).map { _ in [0, 1, 1, 2, 2, 3, 3, 4, 5].randomElement(using: &generator)! })
      // Empty shapes are few cases of the many that random extents would give.
      let isTaken = shape.elementCount > 0 || isEmptyAllowed && Bool.random(using: &generator)
      if isTaken, shape.elementCount <= elements { return shape }
    }
  }

  /// A random shape that stretches to this one.
  func randomlyNarrowed(using generator: inout RandomGenerator) -> Shape {
    let stretched = Shape(map { Int.random(in: 0..<4, using: &generator) == 0 ? 1 : $0 })
    let dropped = Int.random(in: 0...2, using: &generator)
    return Shape(stretched.dropFirst(dropped))
  }

  /// Two shapes that broadcast.
  static func randomPair(using generator: inout RandomGenerator) -> [Shape] {
    let shape = random(using: &generator)
    let pair = [shape, shape.randomlyNarrowed(using: &generator)]
    return Bool.random(using: &generator) ? pair : pair.reversed()
  }

  /// Some axes of this shape.
  func randomAxes(using generator: inout RandomGenerator) -> [Int] {
    indices.filter { _ in Bool.random(using: &generator) }.map {
      Bool.random(using: &generator) ? $0 : $0 - count
    }
  }

  func randomAxis(using generator: inout RandomGenerator) -> Int {
    Int.random(in: 0..<count, using: &generator)
  }
}
