internal import Kernels

/// An n-dimensional array of numbers with value semantics.
///
/// ```swift
/// let x = Tensor([[1, 2, 3], [4, 5, 6]])        // float32, shape [2, 3]
/// let y = matmul(x, x.transposed()) + 1         // shape [2, 2]
/// print(y[0, 1...], y.sum(along: 1))
/// ```
///
/// The element type is a run-time property, ``dtype``: `float32` unless you ask for another. Views
/// (transposed, sliced, broadcast, reshaped where possible) share memory with the tensor that they
/// look at; writing to any tensor copies what is shared first, so no write is ever seen through
/// another variable. Shapes broadcast by NumPy's rule.
///
/// Inside `valueWithGradient(at:_:)` and its kin, the result of an operation on tensors that are
/// differentiated remembers how to propagate a gradient; everywhere else a tensor is data only.
public struct Tensor: Sendable {
  package var storage: Storage
  /// How to propagate a gradient to what this was computed from; `nil` for constants.
  package var node: Node?

  @inline(__always)
  init(storage: Storage) {
    self.storage = storage
    node = nil
  }

  /// A dense tensor whose elements the caller is about to write, all of them.
  @inline(__always)
  package init(uninitialized shape: Shape, dtype: DType) {
    self.init(storage: Storage(shape, dtype))
  }

  /// The type of the elements.
  public var dtype: DType { storage.dtype }

  /// The extents of the axes.
  public var shape: Shape { storage.layout.shape }

  /// The number of axes.
  public var rank: Int { storage.layout.shape.count }

  /// The number of elements.
  public var count: Int { storage.layout.count }

  /// Whether the elements lie one after the other in row-major order.
  public var isContiguous: Bool { storage.layout.isDense }

  @inline(__always)
  var layout: Layout { storage.layout }
}

// MARK: - Memory, for kernels

extension Tensor {
  /// The first element.
  @inline(__always)
  package var pointer: UnsafeMutableRawPointer { storage.pointer }

  /// How many elements apart neighbours along an axis lie.
  @inline(__always)
  package func stride(of axis: Int) -> Int { layout.strides[axis] }

  /// This tensor, or a row-major copy of it. Differentiable.
  public func contiguous() -> Tensor {
    layout.isDense ? self : copied()
  }

  /// A row-major copy in memory of its own.
  func copied() -> Tensor {
    let result = Tensor(uninitialized: shape, dtype: dtype)
    withExtendedLifetime((self, result)) {
      layout.shape.extents.withPointer { shape in
        layout.strides.withPointer { source in
          result.layout.strides.withPointer { target in
            apus_copy(dtype.kernel, Int32(rank), shape, pointer, source, result.pointer, target)
          }
        }
      }
    }
    return result.recorded(from: self) { upstream, _ in upstream }
  }

  /// Makes this tensor a dense one that nobody else can see, ready to be written.
  package mutating func makeUnique() {
    if !ownsDenseMemory() { self = detached.copied() }
  }

  /// Whether nobody else can see the elements, and they lie in row-major order.
  @inline(__always)
  mutating func ownsDenseMemory() -> Bool {
    storage.owner == nil && storage.layout.isDense && isKnownUniquelyReferenced(&storage)
  }

  /// Reads the elements in row-major order. The type must match ``dtype`` (`Int` reads `int64`).
  public func withScalars<Scalar: TensorScalar, Result>(
    as type: Scalar.Type, _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    require(
      Scalar.dtype == dtype, "withScalars: the tensor holds \(dtype), asked for \(Scalar.dtype)")
    let dense = detached.contiguous()
    return try withExtendedLifetime(dense) {
      try body(
        UnsafeBufferPointer(
          start: dense.pointer.assumingMemoryBound(to: Scalar.self), count: dense.count))
    }
  }

  /// Writes the elements in row-major order, after making sure that nobody else sees them. The
  /// result is a constant: what was recorded of this tensor's history is dropped.
  public mutating func withMutableScalars<Scalar: TensorScalar, Result>(
    as type: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    require(
      Scalar.dtype == dtype,
      "withMutableScalars: the tensor holds \(dtype), asked for \(Scalar.dtype)")
    node = nil
    makeUnique()
    return try withExtendedLifetime(storage) {
      try body(
        UnsafeMutableBufferPointer(
          start: pointer.assumingMemoryBound(to: Scalar.self), count: count))
    }
  }
}

// MARK: - Out to Swift

extension Tensor {
  /// The elements in row-major order, converted to `type`.
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type) -> [Scalar] {
    detached.cast(to: Scalar.dtype).withScalars(as: Scalar.self) { Array($0) }
  }

  /// The one element of a tensor that has one.
  public func item() -> Double {
    require(count == 1, "item: the tensor has shape \(shape), not one element")
    return withExtendedLifetime(storage) {
      switch dtype {
      case .bool: pointer.load(as: Bool.self) ? 1 : 0
      case .int32: Double(pointer.load(as: Int32.self))
      case .int64: Double(pointer.load(as: Int64.self))
      case .float32: Double(pointer.load(as: Float.self))
      case .float64: pointer.load(as: Double.self)
      }
    }
  }
}
