import Core

/// A layer that lays the windows of its input out as columns; see
/// ``unfold(_:kernel:stride:padding:dilation:)``.
///
/// `Unfold1D`, `Unfold2D` and `Unfold3D` are this layer over one, two and three axes of space.
public struct UnfoldedWindows<Over: Space>: Layer, Sendable {
  public let kernel: PerAxis
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

public typealias Unfold1D = UnfoldedWindows<Line>
public typealias Unfold2D = UnfoldedWindows<Plane>
public typealias Unfold3D = UnfoldedWindows<Volume>

/// A layer that adds columns back to the places of their windows; see
/// ``fold(_:size:kernel:stride:padding:dilation:)``.
///
/// `Fold1D`, `Fold2D` and `Fold3D` are this layer over one, two and three axes of space.
public struct FoldedWindows<Over: Space>: Layer, Sendable {
  public let size: PerAxis
  public let kernel: PerAxis
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

public typealias Fold1D = FoldedWindows<Line>
public typealias Fold2D = FoldedWindows<Plane>
public typealias Fold3D = FoldedWindows<Volume>
