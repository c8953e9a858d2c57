import Core
internal import Kernels

/// The windows of an input as columns of a matrix.
///
/// ```
/// columns[n, c · K + j, o] = x[n, c, o · stride + j · dilation − before]
/// ```
///
/// with j counting the K taps of the kernel, and o the windows, row by row; outside its borders x
/// is 0. A cross-correlation is the product of its weight, [filters, channels · K], with these
/// columns.
///
/// - Parameters:
///   - x: [batch, channels, space…] with one, two or three axes of space; or without the batch,
///     where `kernel` lists a number for each axis of space and so tells how many there are.
/// - Returns: [batch, channels · K, windows].
///
/// Traps when the kernel is larger than the padded input.
public func unfold(
  _ x: Tensor, kernel: PerAxis, stride: PerAxis = 1, padding: Padding = .valid,
  dilation: PerAxis = 1
) -> Tensor {
  unfold(
    x, rank: kernel.rank, kernel: kernel,
    Windows(stride: stride, padding: padding, dilation: dilation), in: "unfold")
}

/// The adjoint of ``unfold(_:kernel:stride:padding:dilation:)``: each element of the columns is
/// added to the place that it would have come from.
///
/// ```
/// ⟨unfold(x), z⟩ = ⟨x, fold(z)⟩        for all x and z
/// ```
///
/// - Parameters:
///   - columns: [batch, channels · K, windows], or without the batch.
///   - size: The extents of space of the result, one to three of them.
/// - Returns: [batch, channels, size…].
///
/// Traps when `columns` is not what an input of that size unfolds to.
public func fold(
  _ columns: Tensor, size: [Int], kernel: PerAxis, stride: PerAxis = 1,
  padding: Padding = .valid, dilation: PerAxis = 1
) -> Tensor {
  fold(
    columns, size: size, kernel: kernel,
    Windows(stride: stride, padding: padding, dilation: dilation), in: "fold")
}

func unfold(
  _ x: Tensor, rank: Int?, kernel: PerAxis, _ windows: Windows, in operation: String
) -> Tensor {
  let planes = Planes(x, rank: rank, in: operation)
  let kernel = kernel.all(planes.rank, named: "kernel", in: operation)
  let axes = windows.axes(
    of: planes.size, kernel: kernel, in: operation,
    context: "; input \(x.shape), kernel \(kernel)")
  return Unfolding(leading: planes.leading, axes: axes).unfolded(x)
}

func fold(
  _ columns: Tensor, size: [Int], kernel: PerAxis, _ windows: Windows, in operation: String
) -> Tensor {
  require(
    (1...3).contains(size.count) && (columns.rank == 2 || columns.rank == 3),
    "\(operation): columns [batch, channels · kernel, windows] and one to three axes of space are needed, got shape \(columns.shape) and size \(size)"
  )
  require(
    columns.dtype.isFloating,
    "\(operation): the columns must have a floating type, got \(columns.dtype)")
  let kernel = kernel.all(size.count, named: "kernel", in: operation)
  let context = "; columns \(columns.shape), size \(size), kernel \(kernel)"
  let axes = windows.axes(of: size, kernel: kernel, in: operation, context: context)
  let taps = kernel.reduce(1, *)
  let count = axes.map(\.output).reduce(1, *)
  let rows = columns.shape[columns.rank - 2]
  require(
    columns.shape[columns.rank - 1] == count && rows % taps == 0,
    "\(operation): size \(size) has \(axes.map(\.output).map(String.init).joined(separator: " · ")) = \(count) windows of \(taps) taps, the columns are for \(columns.shape[columns.rank - 1]) windows with \(rows) rows\(context)"
  )
  let leading = Shape(Array(columns.shape.dropLast(2)) + [rows / taps])
  return Unfolding(leading: leading, axes: axes).folded(columns)
}

/// Unfolding and folding with all sizes; each is the other's derivative.
private struct Unfolding: Sendable {
  let leading: Shape
  let axes: [WindowAxis]

  func unfolded(_ x: Tensor) -> Tensor {
    let taps = axes.map(\.kernel).reduce(1, *)
    var shape = leading
    shape[shape.count - 1] *= taps
    shape.append(axes.map(\.output).reduce(1, *))
    let columns = moved(x, to: shape, by: apus_unfold)
    return columns.recorded(from: x) { upstream, _ in folded(upstream) }
  }

  func folded(_ columns: Tensor) -> Tensor {
    let x = moved(columns, to: Shape(Array(leading) + axes.map(\.size)), by: apus_fold)
    return x.recorded(from: columns) { upstream, _ in unfolded(upstream) }
  }

  private typealias Move = (
    apus_dtype, UnsafePointer<apus_convolution>, UnsafeRawPointer, UnsafeMutableRawPointer
  ) -> Void

  private func moved(_ x: Tensor, to shape: Shape, by move: Move) -> Tensor {
    let result = Tensor(uninitialized: shape, dtype: x.dtype)
    let source = x.detached.contiguous()
    let all = Array(repeating: WindowAxis.single, count: 3 - axes.count) + axes
    func triple(_ path: KeyPath<WindowAxis, Int>) -> (Int, Int, Int) {
      (all[0][keyPath: path], all[1][keyPath: path], all[2][keyPath: path])
    }
    // The kernels take planes as channels of one example.
    var sizes = apus_convolution(
      batch: 1, channels: leading.elementCount, filters: 0, groups: 1, size: triple(\.size),
      kernel: triple(\.kernel), output: triple(\.output), stride: triple(\.stride),
      dilation: triple(\.dilation), before: triple(\.before), exact: true)
    move(x.dtype.kernel, &sizes, source.pointer, result.pointer)
    extendLifetime(source.storage)
    return result
  }
}
