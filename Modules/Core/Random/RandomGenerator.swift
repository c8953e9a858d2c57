package import Kernels

/// A stream of random numbers that is a pure function of its seed and position.
///
/// The generator is counter-based (Philox 4×32-10, [Salmon et al. 2011]): the same seed gives the
/// same bits on every platform, whatever the number of threads. `split()` gives an independent
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

  /// `count` independent streams.
  public mutating func split(_ count: Int) -> [RandomGenerator] {
    require(count >= 0, "split: the count \(count) is negative")
    return (0..<count).map { _ in split() }
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

  /// The stream itself, for kernels that draw at places of their own.
  package var kernel: apus_random { apus_random(key: key, stream: stream) }

  /// Runs a kernel from here on, and moves past the blocks that it says it used.
  package mutating func draw(_ kernel: (apus_random, UInt64) -> UInt64) {
    position += kernel(self.kernel, position)
  }

  /// Fills a fresh tensor by a kernel and moves past the blocks it used.
  mutating func fill(
    _ shape: Shape, _ dtype: DType,
    _ kernel: (apus_dtype, apus_random, UInt64, Int, UnsafeMutableRawPointer) -> UInt64
  ) -> Tensor {
    let result = Tensor(uninitialized: shape, dtype: dtype)
    draw { kernel(dtype.kernel, $0, $1, result.count, result.pointer) }
    extendLifetime(result.storage)
    return result
  }

  /// Fills a fresh tensor by a kernel that needs a stream of its own.
  mutating func fillFromSplit(
    _ shape: Shape, _ dtype: DType,
    _ kernel: (apus_dtype, apus_random, Int, UnsafeMutableRawPointer) -> Void
  ) -> Tensor {
    let result = Tensor(uninitialized: shape, dtype: dtype)
    kernel(dtype.kernel, split().kernel, result.count, result.pointer)
    extendLifetime(result.storage)
    return result
  }
}

extension RandomGenerator: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    // The bits of each word, since a tensor holds signed numbers.
    var words = Tensor(scalars: [key, stream, position].map { Int64(bitPattern: $0) }, shape: [3])
    visitor.visit("words", &words)
    let values = words.scalars(as: Int64.self).map { UInt64(bitPattern: $0) }
    (key, stream, position) = (values[0], values[1], values[2])
  }
}
