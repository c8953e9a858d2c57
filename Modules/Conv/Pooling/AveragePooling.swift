import Core

/// A layer that takes the mean of each window; see
/// ``averagePool(_:kernel:stride:padding:roundsUp:countsPadding:divisor:)``.
///
/// `AveragePool1D`, `AveragePool2D` and `AveragePool3D` are this layer over one, two and three axes
/// of space.
public struct AveragePooling<Over: Space>: Layer, Sendable {
  /// The size of a window.
  public let kernel: PerAxis
  public let windows: Windows
  /// Whether a last window that reaches beyond the input counts.
  public let roundsUp: Bool
  /// Whether zeros of the padding count in the mean.
  public let countsPadding: Bool
  /// What sums are divided by, if not by the count.
  public let divisor: Double?

  /// - Parameters:
  ///   - kernel: The extents of a window.
  ///   - stride: From one window to the next; by default the kernel.
  ///   - roundsUp: Whether a last window that the border cuts off counts too.
  ///   - countsPadding: Whether the zeros of the padding count in the divisor.
  ///   - divisor: Takes the place of the number of elements.
  public init(
    kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .valid, roundsUp: Bool = false,
    countsPadding: Bool = true, divisor: Double? = nil
  ) {
    self.kernel = kernel
    windows = Windows(stride: stride ?? kernel, padding: padding)
    self.roundsUp = roundsUp
    self.countsPadding = countsPadding
    self.divisor = divisor
  }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      averagePool(
        x, rank: Over.rank, kernel: kernel, windows, roundsUp: roundsUp,
        countsPadding: countsPadding, divisor: divisor, in: "AveragePool\(Over.rank)D")
    }
  }
}

/// `AveragePool` over one axis of space: [batch, channel, width].
public typealias AveragePool1D = AveragePooling<Line>
/// `AveragePool` over two axes of space: [batch, channel, height, width].
public typealias AveragePool2D = AveragePooling<Plane>
/// `AveragePool` over three axes of space: [batch, channel, depth, height, width].
public typealias AveragePool3D = AveragePooling<Volume>

/// A layer of average pooling with as many windows as it is told; see
/// ``adaptiveAveragePool(_:output:)``.
public struct AdaptiveAveragePooling<Over: Space>: Layer, Sendable {
  /// The size of the result.
  public let output: PerAxis

  /// - Parameter output: How many windows there are along each axis.
  public init(output: PerAxis) { self.output = output }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      adaptiveAveragePool(
        x, rank: Over.rank, output: output, in: "AdaptiveAveragePool\(Over.rank)D")
    }
  }
}

/// `AdaptiveAveragePool` over one axis of space: [batch, channel, width].
public typealias AdaptiveAveragePool1D = AdaptiveAveragePooling<Line>
/// `AdaptiveAveragePool` over two axes of space: [batch, channel, height, width].
public typealias AdaptiveAveragePool2D = AdaptiveAveragePooling<Plane>
/// `AdaptiveAveragePool` over three axes of space: [batch, channel, depth, height, width].
public typealias AdaptiveAveragePool3D = AdaptiveAveragePooling<Volume>

/// A layer that takes the mean of each channel; see ``globalAveragePool(_:keepingAxes:)``.
public struct GlobalAveragePooling<Over: Space>: Layer, Sendable {
  /// Whether the axes of space stay, with size 1.
  public let keepingAxes: Bool

  /// - Parameter keepingAxes: Whether the axes of space stay, with extent 1.
  public init(keepingAxes: Bool = false) { self.keepingAxes = keepingAxes }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      globalAveragePool(
        x, rank: Over.rank, keepingAxes: keepingAxes, in: "GlobalAveragePool\(Over.rank)D")
    }
  }
}

/// `GlobalAveragePool` over one axis of space: [batch, channel, width].
public typealias GlobalAveragePool1D = GlobalAveragePooling<Line>
/// `GlobalAveragePool` over two axes of space: [batch, channel, height, width].
public typealias GlobalAveragePool2D = GlobalAveragePooling<Plane>
/// `GlobalAveragePool` over three axes of space: [batch, channel, depth, height, width].
public typealias GlobalAveragePool3D = GlobalAveragePooling<Volume>
