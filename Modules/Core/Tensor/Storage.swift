internal import Kernels

/// Elements in memory, seen through a layout: all that a tensor is, but its history.
///
/// A tensor is a reference to one of these, so that copying a tensor copies a pointer. Memory is
/// 64-byte aligned and recycled by the kernels' pool; a view keeps the storage that owns it alive.
///
/// `@unchecked Sendable`: every property is constant, and the elements are written only by the
/// operation that creates the storage, before any other thread can see it, and later only through
/// a tensor that holds the sole reference (copy on write); everybody else reads.
package final class Storage: @unchecked Sendable {
  /// The first element.
  package let pointer: UnsafeMutableRawPointer
  /// Its offset is 0: ``pointer`` is the first element.
  let layout: Layout
  package let dtype: DType
  /// `nil` where this storage owns its memory.
  let owner: Storage?

  /// Fresh memory for a dense shape.
  init(_ shape: Shape, _ dtype: DType) {
    layout = Layout(dense: shape)
    self.dtype = dtype
    owner = nil
    pointer = apus_allocate(layout.count * dtype.byteCount).unsafelyUnwrapped
  }

  /// The memory of `other` through another layout, whose offset counts from its first element.
  init(viewing other: Storage, _ layout: Layout) {
    var based = layout
    based.offset = 0
    self.layout = based
    dtype = other.dtype
    owner = other.owner ?? other
    pointer = other.pointer + layout.offset * other.dtype.byteCount
  }

  deinit {
    if owner == nil { apus_deallocate(pointer, layout.count * dtype.byteCount) }
  }
}
