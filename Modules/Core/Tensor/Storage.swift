internal import Kernels

/// The memory under one or several tensors: 64-byte aligned, recycled by the kernels' pool.
///
/// `@unchecked Sendable`: the bytes are written only by the operation that creates the storage,
/// before any other thread can see it, and later only through a tensor that holds the sole
/// reference (copy on write); everybody else reads.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int

  package init(byteCount: Int) {
    self.byteCount = byteCount
    pointer = apus_allocate(byteCount).unsafelyUnwrapped
  }

  deinit { apus_deallocate(pointer, byteCount) }
}
