import Core

/// A layer that lays the windows of its input out as columns; see
/// ``unfold(_:kernel:stride:padding:dilation:)``.
///
/// `Unfold1D`, `Unfold2D` and `Unfold3D` are this layer over one, two and three axes of space.
public struct UnfoldedWindows<Over: Space>: Layer, Sendable {
  /// The size of a window.
  public let kernel: PerAxis
  /// Stride, padding and dilation.
  public let windows: Windows

  /// - Parameter kernel: The extents of a window.
  public init(
    kernel: PerAxis, stride: PerAxis = 1, padding: Padding = .valid, dilation: PerAxis = 1
  ) {
    self.kernel = kernel
    windows = Windows(stride: stride, padding: padding, dilation: dilation)
  }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    unfold(x, rank: Over.rank, kernel: kernel, windows, in: "Unfold\(Over.rank)D")
  }
}

/// `Unfold` over one axis of space: [batch, channel, width].
public typealias Unfold1D = UnfoldedWindows<Line>
/// `Unfold` over two axes of space: [batch, channel, height, width].
public typealias Unfold2D = UnfoldedWindows<Plane>
/// `Unfold` over three axes of space: [batch, channel, depth, height, width].
public typealias Unfold3D = UnfoldedWindows<Volume>

/// A layer that adds columns back to the places of their windows; see
/// ``fold(_:size:kernel:stride:padding:dilation:)``.
///
/// `Fold1D`, `Fold2D` and `Fold3D` are this layer over one, two and three axes of space.
public struct FoldedWindows<Over: Space>: Layer, Sendable {
  /// The size of the result.
  public let size: PerAxis
  /// The size of a window.
  public let kernel: PerAxis
  /// Stride, padding and dilation.
  public let windows: Windows

  /// - Parameters:
  ///   - size: The extents of space of the result.
  ///   - kernel: The extents of a window.
  public init(
    size: PerAxis, kernel: PerAxis, stride: PerAxis = 1, padding: Padding = .valid,
    dilation: PerAxis = 1
  ) {
    self.size = size
    self.kernel = kernel
    windows = Windows(stride: stride, padding: padding, dilation: dilation)
  }

  /// - Parameter columns: [batch, channels · K, windows], or without the batch.
  public func callAsFunction(_ columns: Tensor) -> Tensor {
    let name = "Fold\(Over.rank)D"
    return fold(
      columns, size: size.all(Over.rank, named: "size", in: name), kernel: kernel, windows,
      in: name)
  }
}

/// `Fold` over one axis of space: [batch, channel, width].
public typealias Fold1D = FoldedWindows<Line>
/// `Fold` over two axes of space: [batch, channel, height, width].
public typealias Fold2D = FoldedWindows<Plane>
/// `Fold` over three axes of space: [batch, channel, depth, height, width].
public typealias Fold3D = FoldedWindows<Volume>
