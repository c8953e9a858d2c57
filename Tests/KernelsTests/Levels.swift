import Kernels
import Testing

/// All tests of kernels, one at a time: the number of threads is the process's.
@Suite(.serialized) struct KernelTests {}

/// An instruction set.
enum Level: Int32, CaseIterable {
  case portable, avx2, avx512

  var kernel: apus_level { apus_level(rawValue: rawValue)! }
}

/// The instruction sets that can run here.
let levels = Level.allCases.filter { $0.rawValue <= apus_highest_level().rawValue }

/// Runs `body` at a level, on this thread alone: other suites compare bits meanwhile.
func at<Result>(_ level: Level, _ body: () throws -> Result) rethrows -> Result {
  defer { apus_set_thread_level(-1) }
  apus_set_thread_level(level.rawValue)
  #expect(apus_current_level() == level.kernel)
  return try body()
}

/// The result of `body`, after making sure that 1, 2 and 3 threads give the same bits.
func onAnyThreads<Scalar: KernelScalar>(
  _ comment: Comment? = nil, _ body: () -> [Scalar]
) -> [Scalar] {
  let original = apus_thread_count()
  defer { apus_set_thread_count(original) }
  let results = (1...3).map { count in
    apus_set_thread_count(Int32(count))
    return body()
  }
  let bits = results.map { $0.map(\.bits) }
  #expect(bits[0] == bits[1] && bits[0] == bits[2], comment ?? "the number of threads matters")
  return results[0]
}

/// A floating-point type of kernels.
protocol KernelScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  static var type: apus_dtype { get }
  var bits: UInt64 { get }
}

extension Float: KernelScalar {
  static var type: apus_dtype { .float32 }
  var bits: UInt64 { UInt64(bitPattern) }
}

extension Double: KernelScalar {
  static var type: apus_dtype { .float64 }
  var bits: UInt64 { bitPattern }
}

extension KernelScalar {
  /// How many numbers of this type lie between two, roughly; NaN matches NaN.
  func distance(inUlpsTo exact: Double) -> Double {
    if isNaN && exact.isNaN { return 0 }
    let rounded = Self(exact)
    if self == rounded { return 0 }
    if !isFinite || !rounded.isFinite { return .infinity }
    return abs(Double(self) - exact) / Double(max(rounded.ulp, Self.leastNormalMagnitude.ulp))
  }
}

/// SplitMix64: numbers for the tests, without the kernels' own generator.
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func values<Scalar: KernelScalar>(
    _ count: Int, in range: ClosedRange<Double> = -1...1
  ) -> [Scalar] {
    (0..<count).map { _ in Scalar(Double.random(in: range, using: &self)) }
  }
}
