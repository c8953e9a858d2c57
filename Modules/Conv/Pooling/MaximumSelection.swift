import Core
internal import Kernels

/// Which element of its window each output of a maximum pooling was taken from.
///
/// For a given selection, taking the elements is a linear map, and putting them back its adjoint,
/// so that each is the other's derivative.
struct MaximumSelection: Sendable {
  private let pooling: apus_pooling
  private let leading: Shape
  private let size, output: [Int]
  /// Bytes, one code for each output, or four, packed into integers.
  private let codes: Tensor

  /// The greatest elements, and where they came from.
  static func greatest(_ x: Tensor, _ planes: Planes, _ axes: [WindowAxis])
    -> (values: Tensor, selection: MaximumSelection)
  {
    var pooling = apus_pooling(planes, axes)
    let output = axes.map(\.output)
    let values = Tensor(uninitialized: planes.shape(output), dtype: x.dtype)
    let bytes = values.count * apus_pool_code_size(&pooling)
    let codes = Tensor(uninitialized: [(bytes + 3) / 4], dtype: .int32)
    let source = x.detached.contiguous()
    apus_max_pool(x.dtype.kernel, &pooling, source.pointer, values.pointer, codes.pointer)
    extendLifetime(source.storage)
    let selection = MaximumSelection(
      pooling: pooling, leading: planes.leading, size: planes.size, output: output, codes: codes)
    return (values, selection)
  }

  /// The greatest elements alone.
  static func greatestAlone(_ x: Tensor, _ planes: Planes, _ axes: [WindowAxis]) -> Tensor {
    var pooling = apus_pooling(planes, axes)
    let values = Tensor(uninitialized: planes.shape(axes.map(\.output)), dtype: x.dtype)
    let source = x.detached.contiguous()
    apus_max_pool(x.dtype.kernel, &pooling, source.pointer, values.pointer, nil)
    extendLifetime(source.storage)
    return values
  }

  /// The selected elements of x.
  func taken(_ x: Tensor) -> Tensor {
    let y = moved(x, to: output, by: apus_max_pool_gather)
    return y.recorded(from: x) { upstream, _ in put(upstream) }
  }

  /// The adjoint: zeros with each element of y added where it would have been taken.
  func put(_ y: Tensor) -> Tensor {
    let x = moved(y, to: size, by: apus_max_pool_scatter)
    return x.recorded(from: y) { upstream, _ in taken(upstream) }
  }

  /// Row-major positions in each plane, as `int64`.
  func places() -> Tensor {
    let result = Tensor(uninitialized: Shape(Array(leading) + output), dtype: .int64)
    var pooling = pooling
    apus_max_pool_places(
      &pooling, codes.pointer, result.pointer.assumingMemoryBound(to: Int64.self))
    extendLifetime(codes.storage)
    return result
  }

  private typealias Move = (
    apus_dtype, UnsafePointer<apus_pooling>, UnsafeRawPointer, UnsafeRawPointer,
    UnsafeMutableRawPointer
  ) -> Void

  private func moved(_ x: Tensor, to size: [Int], by move: Move) -> Tensor {
    let result = Tensor(uninitialized: Shape(Array(leading) + size), dtype: x.dtype)
    let source = x.detached.contiguous()
    var pooling = pooling
    move(x.dtype.kernel, &pooling, codes.pointer, source.pointer, result.pointer)
    extendLifetime(source.storage)
    extendLifetime(codes.storage)
    return result
  }
}

extension apus_pooling {
  fileprivate init(_ planes: Planes, _ axes: [WindowAxis]) {
    let all = (Array(repeating: WindowAxis.single, count: 3 - axes.count) + axes).map {
      apus_pool_axis(
        size: $0.size, output: $0.output, kernel: $0.kernel, stride: $0.stride,
        dilation: $0.dilation, before: $0.before)
    }
    self.init(planes: planes.count, axis: (all[0], all[1], all[2]))
  }
}
