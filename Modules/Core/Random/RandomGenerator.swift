internal import Kernels

/// A stream of random numbers that is a pure function of its seed and position.
///
/// The generator is counter-based (Philox 4×32-10, [Salmon et al. 2011]): the same seed gives the
/// same bits on every platform, whatever the number of threads. ``split()`` gives an independent
/// stream; splitting and drawing do not disturb each other's results later.
///
/// ```swift
/// var generator = RandomGenerator(seed: 7)
/// let x = Tensor.randomNormal([3, 4], using: &generator)
/// let order = [1, 2, 3].shuffled(using: &generator)       // it is a RandomNumberGenerator too
/// ```
public struct RandomGenerator: RandomNumberGenerator, Sendable, Hashable {
  private var key: UInt64
  private var stream: UInt64
  private var position: UInt64 = 0

  /// The stream of a seed.
  public init(seed: UInt64) {
    key = seed
    stream = 0
  }

  private init(key: UInt64, stream: UInt64) {
    self.key = key
    self.stream = stream
  }

  /// An independent stream; this one moves on by one block.
  public mutating func split() -> RandomGenerator {
    let (a, b) = block()
    return RandomGenerator(key: a, stream: b | 1)
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 { block().0 }

  private mutating func block() -> (UInt64, UInt64) {
    var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    withUnsafeMutablePointer(to: &words) { pointer in
      pointer.withMemoryRebound(to: UInt32.self, capacity: 4) {
        apus_random_block(kernel, position, $0)
      }
    }
    position += 1
    return (
      UInt64(words.1) << 32 | UInt64(words.0), UInt64(words.3) << 32 | UInt64(words.2)
    )
  }

  private var kernel: apus_random { apus_random(key: key, stream: stream) }

  /// Fills a fresh tensor by a kernel and moves past the blocks it used.
  fileprivate mutating func fill(
    _ shape: Shape, _ dtype: DType,
    _ kernel: (apus_dtype, apus_random, UInt64, Int, UnsafeMutableRawPointer) -> UInt64
  ) -> Tensor {
    let result = Tensor(uninitialized: shape, dtype: dtype)
    position += kernel(dtype.kernel, self.kernel, position, result.count, result.pointer)
    extendLifetime(result.storage)
    return result
  }
}

extension Tensor {
  /// Independent numbers, uniform in a range.
  public static func randomUniform(
    _ shape: Shape, in range: Range<Double> = 0..<1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(dtype, in: "randomUniform")
    return generator.fill(shape, dtype) {
      apus_random_uniform($0, $1, $2, $3, range.lowerBound, range.upperBound, $4)
    }
  }

  /// Independent normal numbers.
  public static func randomNormal(
    _ shape: Shape, mean: Double = 0, deviation: Double = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(dtype, in: "randomNormal")
    require(deviation >= 0, "randomNormal: the deviation \(deviation) is negative")
    return generator.fill(shape, dtype) { apus_random_normal($0, $1, $2, $3, mean, deviation, $4) }
  }

  /// Independent integers, uniform in a range.
  public static func randomIntegers(
    _ shape: Shape, in range: Range<Int>, dtype: DType = .int64,
    using generator: inout RandomGenerator
  ) -> Tensor {
    require(
      dtype == .int32 || dtype == .int64, "randomIntegers: \(dtype) is no integer type")
    require(!range.isEmpty, "randomIntegers: the range \(range) is empty")
    require(
      dtype == .int64
        || Int32(exactly: range.lowerBound) != nil && Int32(exactly: range.upperBound - 1) != nil,
      "randomIntegers: \(range) is not within int32")
    return generator.fill(shape, dtype) {
      apus_random_integers(
        $0, $1, $2, $3, Int64(range.lowerBound), Int64(range.upperBound), $4)
    }
  }

  /// Independent truth values, as `bool` or as the numbers 0 and `value` of a floating type.
  public static func randomBernoulli(
    _ shape: Shape, probability: Double, value: Double = 1, dtype: DType = .bool,
    using generator: inout RandomGenerator
  ) -> Tensor {
    require(
      (0...1).contains(probability), "randomBernoulli: \(probability) is no probability")
    require(
      dtype == .bool || dtype.isFloating, "randomBernoulli: \(dtype) is neither bool nor floating")
    return generator.fill(shape, dtype) {
      apus_random_bernoulli($0, $1, $2, $3, probability, value, $4)
    }
  }

  /// The integers 0..<count in random order, as `int64`.
  public static func randomPermutation(
    _ count: Int, using generator: inout RandomGenerator
  ) -> Tensor {
    Tensor(scalars: (0..<count).map(Int64.init).shuffled(using: &generator), shape: [count])
  }

  /// Independent class indices with probability softmax(`logits`) along the last axis, as `int64`:
  /// the position of the greatest logit + Gumbel noise.
  ///
  /// - Parameter count: Draws for each row of logits; the result has shape [batch…, count].
  public static func randomCategorical(
    logits: Tensor, count: Int, using generator: inout RandomGenerator
  ) -> Tensor {
    let logits = floating(logits.detached)
    require(
      logits.rank > 0 && logits.shape[logits.rank - 1] > 0,
      "randomCategorical: shape \(logits.shape) has no classes")
    let shape = Shape(logits.shape.dropLast() + [count, logits.shape[logits.rank - 1]])
    let uniform = Tensor.randomUniform(
      shape, in: Double.leastNormalMagnitude..<1, dtype: .float64, using: &generator)
    let gumbel = -log(-log(uniform))
    return (logits.expandingShape(at: -2) + gumbel).argmax(along: -1)
  }

  private static func requireFloating(_ dtype: DType, in operation: StaticString) {
    require(dtype.isFloating, "\(operation): \(dtype) is no floating type")
  }
}
