import Core

/// A depthwise convolution followed by a pointwise one: each channel is filtered by itself, then the
/// channels are mixed ([Chollet 2017]).
///
/// It has channels · multiplier · kernel + channels · multiplier · filters weights where a full
/// convolution has channels · filters · kernel.
///
/// ```swift
/// let layer = DepthwiseSeparableConv2D(32, 64, kernel: 3, padding: .same, activation: .relu)
/// ```
public struct DepthwiseSeparableConvolution<Over: Space>: Layer, Sendable {
  /// [channels · multiplier, 1, kernel…]
  public let depthwise: Convolution<Over>
  /// [filters, channels · multiplier, 1…]
  public let pointwise: Convolution<Over>

  /// - Parameters:
  ///   - multiplier: How many filters each channel has of its own.
  ///   - between: Applied between the two.
  ///   - activation: Applied to the result.
  ///   - hasBias: Whether the pointwise convolution has a bias; the depthwise one has none.
  public init(
    _ channels: Int, _ filters: Int, kernel: PerAxis, stride: PerAxis = 1,
    padding: Padding = .valid, dilation: PerAxis = 1, multiplier: Int = 1,
    between: Activation = .identity, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer = .glorotUniform
  ) {
    require(
      multiplier > 0,
      "DepthwiseSeparableConv\(Over.rank)D: the multiplier \(multiplier) is not 1 or more")
    depthwise = Convolution(
      channels, channels * multiplier, kernel: kernel, stride: stride, padding: padding,
      dilation: dilation, groups: channels, activation: between, hasBias: false,
      initializer: initializer)
    pointwise = Convolution(
      channels * multiplier, filters, kernel: 1, activation: activation, hasBias: hasBias,
      initializer: initializer)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in pointwise(depthwise(x)) }
  }
}

/// `DepthwiseSeparableConv` over one axis of space: [batch, channel, width].
public typealias DepthwiseSeparableConv1D = DepthwiseSeparableConvolution<Line>
/// `DepthwiseSeparableConv` over two axes of space: [batch, channel, height, width].
public typealias DepthwiseSeparableConv2D = DepthwiseSeparableConvolution<Plane>
/// `DepthwiseSeparableConv` over three axes of space: [batch, channel, depth, height, width].
public typealias DepthwiseSeparableConv3D = DepthwiseSeparableConvolution<Volume>

/// A convolution in space as one along the height followed by one along the width: kernels of rank
/// one, height + width weights where a full kernel has height · width.
public struct SpatiallySeparableConv2D: Layer, Sendable {
  /// [filters, channels, height, 1]
  public let vertical: Conv2D
  /// [filters, filters, 1, width]
  public let horizontal: Conv2D

  /// - Parameters:
  ///   - kernel: Height and width.
  ///   - padding: Split between the two: the rows' part goes to the first, the columns' to the second.
  public init(
    _ channels: Int, _ filters: Int, kernel: PerAxis, stride: PerAxis = 1,
    padding: Padding = .valid, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer = .glorotUniform
  ) {
    let name = "SpatiallySeparableConv2D"
    let size = (0..<2).map { kernel.value($0, of: 2, named: "kernel", in: name) }
    let step = (0..<2).map { stride.value($0, of: 2, named: "stride", in: name) }
    vertical = Conv2D(
      channels, filters, kernel: [size[0], 1], stride: [step[0], 1],
      padding: padding.along(0, of: 2, in: name), hasBias: false, initializer: initializer)
    horizontal = Conv2D(
      filters, filters, kernel: [1, size[1]], stride: [1, step[1]],
      padding: padding.along(1, of: 2, in: name), activation: activation, hasBias: hasBias,
      initializer: initializer)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in horizontal(vertical(x)) }
  }
}

extension Padding {
  /// This padding along one axis, none along the others.
  fileprivate func along(_ axis: Int, of rank: Int, in operation: String) -> Padding {
    func only(_ values: PerAxis) -> PerAxis {
      var result = Array(repeating: 0, count: rank)
      result[axis] = values.value(axis, of: rank, named: "padding", in: operation)
      return PerAxis(result)
    }
    switch self {
    // A kernel of one tap gets none by these rules.
    case .valid, .same, .full: return self
    case .symmetric(let values): return .symmetric(only(values))
    case .explicit(let before, let after):
      return .explicit(before: only(before), after: only(after))
    }
  }
}
