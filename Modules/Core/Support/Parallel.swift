internal import Kernels

/// The threads that kernels use.
public enum Parallel {
  /// How many threads a kernel may use, the calling one included.
  ///
  /// The default is the environment variable `APUS_THREADS`, else the number of processors
  /// available. Results do not depend on it, to the last bit.
  public static var threadCount: Int {
    get { Int(apus_thread_count()) }
    set {
      require(newValue > 0, "Parallel: \(newValue) threads")
      apus_set_thread_count(Int32(clamping: newValue))
    }
  }
}

/// The instruction set that kernels use.
public enum InstructionSet: Int32, Sendable, Comparable, CaseIterable {
  /// Vectors of 16 bytes over the platform's baseline: SSE2 or NEON.
  case portable
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512

  /// The best that this machine can run.
  public static var highest: InstructionSet {
    InstructionSet(rawValue: apus_highest_level().rawValue).unsafelyUnwrapped
  }

  /// What kernels use now. The default is ``highest``, or what the environment variable
  /// `APUS_LEVEL` (`portable`, `avx2`, `avx512`) asks for; setting one above ``highest`` traps.
  ///
  /// Levels differ in rounding, so compare results for equality within one level only.
  public static var current: InstructionSet {
    get { InstructionSet(rawValue: apus_current_level().rawValue).unsafelyUnwrapped }
    set {
      let level = apus_level(rawValue: newValue.rawValue).unsafelyUnwrapped
      require(
        apus_set_level(level), "InstructionSet: this machine has \(highest), not \(newValue)")
    }
  }

  public static func < (lhs: InstructionSet, rhs: InstructionSet) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}
