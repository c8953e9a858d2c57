import Core

/// A layer that makes more places, or fewer, along each axis of space; see
/// ``upsample(_:by:interpolation:alignsCorners:)``.
///
/// ```swift
/// let larger = Upsample2D(by: 2, interpolation: .linear)
/// let fixed = Upsample2D(to: [28, 28])
/// ```
///
/// `Upsample1D`, `Upsample2D` and `Upsample3D` are this layer over one, two and three axes of
/// space.
public struct Upsampling<Over: Space>: Layer, Sendable {
  /// What decides the size of the result.
  public enum Target: Sendable, Hashable {
    /// Factors of the input's size: one, or one for each axis.
    case factors([Double])
    /// The size itself.
    case size(PerAxis)
  }

  /// How large the result is.
  public let target: Target
  /// How values in between are made.
  public let interpolation: Interpolation
  /// Whether corners keep their places.
  public let alignsCorners: Bool

  /// - Parameters:
  ///   - factors: One for all axes of space, or one for each.
  ///   - alignsCorners: With `.linear`, whether first and last elements coincide.
  public init(
    by factors: Double..., interpolation: Interpolation = .nearest, alignsCorners: Bool = false
  ) {
    target = .factors(factors)
    self.interpolation = interpolation
    self.alignsCorners = alignsCorners
  }

  /// - Parameters:
  ///   - size: The extents of space of the result.
  ///   - alignsCorners: With `.linear`, whether first and last elements coincide.
  public init(
    to size: PerAxis, interpolation: Interpolation = .nearest, alignsCorners: Bool = false
  ) {
    target = .size(size)
    self.interpolation = interpolation
    self.alignsCorners = alignsCorners
  }

  /// - Parameter x: [batch, channels, space…], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let name = "Upsample\(Over.rank)D"
    return switch target {
    case .factors(let factors):
      upsample(
        x, rank: Over.rank, by: factors, interpolation, alignsCorners: alignsCorners, in: name)
    case .size(let size):
      upsample(
        x, rank: Over.rank, to: size, interpolation, alignsCorners: alignsCorners, in: name)
    }
  }
}

/// `Upsample` over one axis of space: [batch, channel, width].
public typealias Upsample1D = Upsampling<Line>
/// `Upsample` over two axes of space: [batch, channel, height, width].
public typealias Upsample2D = Upsampling<Plane>
/// `Upsample` over three axes of space: [batch, channel, depth, height, width].
public typealias Upsample3D = Upsampling<Volume>

/// A layer that moves channels into space; see ``pixelShuffle(_:factor:)``.
public struct PixelShuffle: Layer, Sendable {
  /// How many times larger height and width become.
  public let factor: Int

  /// - Parameter factor: How many times as high and wide the images become.
  public init(factor: Int) {
    require(factor > 0, "PixelShuffle: the factor \(factor) is not 1 or more")
    self.factor = factor
  }

  /// - Parameter x: [batch, channels · factor², height, width], or without the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor { pixelShuffle(x, factor: factor) }
}
