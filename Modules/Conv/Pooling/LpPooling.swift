import Core

/// A layer that takes the p-norm of each window; see
/// ``lpPool(_:power:kernel:stride:roundsUp:)``.
///
/// `LpPool1D`, `LpPool2D` and `LpPool3D` are this layer over one, two and three axes of space.
public struct LpPooling<Over: Space>: Layer, Sendable {
  /// The p of the norm.
  public let power: Double
  /// The size of a window.
  public let kernel: PerAxis
  public let windows: Windows
  /// Whether a last window that reaches beyond the input counts.
  public let roundsUp: Bool

  /// - Parameters:
  ///   - power: p, not 0.
  ///   - kernel: The extents of a window.
  ///   - stride: From one window to the next; by default the kernel.
  ///   - roundsUp: Whether a last window that the border cuts off counts too.
  public init(power: Double, kernel: PerAxis, stride: PerAxis? = nil, roundsUp: Bool = false) {
    require(
      power != 0 && !power.isNaN, "LpPool\(Over.rank)D: the power \(power) has no root")
    self.power = power
    self.kernel = kernel
    windows = Windows(stride: stride ?? kernel)
    self.roundsUp = roundsUp
  }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      lpPool(
        x, rank: Over.rank, power: power, kernel: kernel, windows, roundsUp: roundsUp,
        in: "LpPool\(Over.rank)D")
    }
  }
}

/// `LpPool` over one axis of space: [batch, channel, width].
public typealias LpPool1D = LpPooling<Line>
/// `LpPool` over two axes of space: [batch, channel, height, width].
public typealias LpPool2D = LpPooling<Plane>
/// `LpPool` over three axes of space: [batch, channel, depth, height, width].
public typealias LpPool3D = LpPooling<Volume>
