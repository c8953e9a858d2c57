import Core

/// A layer that takes the greatest element of each window; see
/// ``maxPool(_:kernel:stride:padding:dilation:roundsUp:)``.
///
/// ```swift
/// let model = Sequential { Conv2D(1, 32, kernel: 3); MaxPool2D(kernel: 2) }
/// ```
///
/// `MaxPool1D`, `MaxPool2D` and `MaxPool3D` are this layer over one, two and three axes of space.
public struct MaxPooling<Over: Space>: Layer, Sendable {
  /// The size of a window.
  public let kernel: PerAxis
  public let windows: Windows
  /// Whether a last window that reaches beyond the input counts.
  public let roundsUp: Bool

  /// - Parameters:
  ///   - kernel: The extents of a window.
  ///   - stride: From one window to the next; by default the kernel.
  ///   - roundsUp: Whether a last window that the border cuts off counts too.
  public init(
    kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .valid, dilation: PerAxis = 1,
    roundsUp: Bool = false
  ) {
    self.kernel = kernel
    windows = Windows(stride: stride ?? kernel, padding: padding, dilation: dilation)
    self.roundsUp = roundsUp
  }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      maxPool(
        x, rank: Over.rank, kernel: kernel, windows, roundsUp: roundsUp, in: "MaxPool\(Over.rank)D")
    }
  }
}

/// `MaxPool` over one axis of space: [batch, channel, width].
public typealias MaxPool1D = MaxPooling<Line>
/// `MaxPool` over two axes of space: [batch, channel, height, width].
public typealias MaxPool2D = MaxPooling<Plane>
/// `MaxPool` over three axes of space: [batch, channel, depth, height, width].
public typealias MaxPool3D = MaxPooling<Volume>

/// A layer of maximum pooling with as many windows as it is told; see
/// ``adaptiveMaxPool(_:output:)``.
public struct AdaptiveMaxPooling<Over: Space>: Layer, Sendable {
  /// The size of the result.
  public let output: PerAxis

  /// - Parameter output: How many windows there are along each axis.
  public init(output: PerAxis) { self.output = output }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      adaptiveMaxPool(x, rank: Over.rank, output: output, in: "AdaptiveMaxPool\(Over.rank)D")
    }
  }
}

/// `AdaptiveMaxPool` over one axis of space: [batch, channel, width].
public typealias AdaptiveMaxPool1D = AdaptiveMaxPooling<Line>
/// `AdaptiveMaxPool` over two axes of space: [batch, channel, height, width].
public typealias AdaptiveMaxPool2D = AdaptiveMaxPooling<Plane>
/// `AdaptiveMaxPool` over three axes of space: [batch, channel, depth, height, width].
public typealias AdaptiveMaxPool3D = AdaptiveMaxPooling<Volume>

/// A layer that takes the greatest element of each channel; see ``globalMaxPool(_:keepingAxes:)``.
public struct GlobalMaxPooling<Over: Space>: Layer, Sendable {
  /// Whether the axes of space stay, with size 1.
  public let keepingAxes: Bool

  /// - Parameter keepingAxes: Whether the axes of space stay, with extent 1.
  public init(keepingAxes: Bool = false) { self.keepingAxes = keepingAxes }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      globalMaxPool(
        x, rank: Over.rank, keepingAxes: keepingAxes, in: "GlobalMaxPool\(Over.rank)D")
    }
  }
}

/// `GlobalMaxPool` over one axis of space: [batch, channel, width].
public typealias GlobalMaxPool1D = GlobalMaxPooling<Line>
/// `GlobalMaxPool` over two axes of space: [batch, channel, height, width].
public typealias GlobalMaxPool2D = GlobalMaxPooling<Plane>
/// `GlobalMaxPool` over three axes of space: [batch, channel, depth, height, width].
public typealias GlobalMaxPool3D = GlobalMaxPooling<Volume>
