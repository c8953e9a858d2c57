internal import Kernels

/// The memory that tensors come from.
///
/// Blocks return to pools of their size and are handed out again: after its first iterations a
/// training loop asks the system for nothing more. Large blocks lie on huge pages where the system
/// has them.
public enum MemoryPool {
  /// How much memory tensors use.
  public struct Statistics: Sendable {
    /// Bytes of the tensors that exist.
    public let bytesInUse: Int
    /// Bytes kept for tensors to come.
    public let bytesCached: Int
    /// How often the system was asked for memory since the start.
    public let systemRequests: Int
  }

  /// What the pools hold now.
  public static var statistics: Statistics {
    let statistics = apus_memory_get_statistics()
    return Statistics(
      bytesInUse: Int(statistics.in_use), bytesCached: Int(statistics.cached),
      systemRequests: Int(statistics.system_requests))
  }

  /// Gives what is cached, by all threads together and by the calling one, back to the system.
  public static func trim() { apus_memory_trim() }
}
