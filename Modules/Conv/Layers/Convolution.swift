import Core

/// A layer that convolves: y = activation(weight ⋆ x + bias).
///
/// ```swift
/// let layer = Conv2D(3, 32, kernel: 3, padding: .same, activation: .relu)
/// let y = layer(x)                           // [batch, 3, 28, 28] → [batch, 32, 28, 28]
/// ```
///
/// As in every network, the kernel is not flipped (see
/// ``crossCorrelation(_:_:bias:stride:padding:dilation:groups:activation:method:)``), unless
/// `flipsKernel` asks for the convolution of mathematics. The weight has shape
/// [filters, channels / groups, kernel…], as PyTorch's `nn.Conv2d` does.
///
/// `Conv1D`, `Conv2D` and `Conv3D` are this layer over one, two and three axes of space.
public struct Convolution<Over: Space>: Layer, Sendable {
  /// [filters, channels / groups, kernel…]
  public let weight: Parameter
  /// [filters]
  public let bias: Parameter?
  public let windows: Windows
  /// Into how many parts the channels are split that do not see each other.
  public let groups: Int
  /// What is applied to the result.
  public let activation: Activation
  /// Whether the kernel is flipped: convolution in the sense of mathematics.
  public let flipsKernel: Bool
  /// The algorithm.
  public let method: ConvolutionMethod

  /// - Parameters:
  ///   - channels: How many channels the input has.
  ///   - filters: How many the output has.
  ///   - kernel: The extents of a filter.
  ///   - groups: Into how many parts the channels and the filters are split.
  ///   - flipsKernel: Whether the kernel is flipped, as the convolution of mathematics has it.
  ///   - hasBias: Whether the bias is there. It starts at 0.
  ///   - initializer: Draws the weight; the default is Glorot's uniform.
  public init(
    _ channels: Int, _ filters: Int, kernel: PerAxis, stride: PerAxis = 1,
    padding: Padding = .valid, dilation: PerAxis = 1, groups: Int = 1,
    activation: Activation = .identity, flipsKernel: Bool = false, hasBias: Bool = true,
    method: ConvolutionMethod = .fastest, initializer: Initializer = .glorotUniform
  ) {
    require(
      channels > 0 && filters > 0 && groups > 0 && channels % groups == 0 && filters % groups == 0,
      "Conv\(Over.rank)D: \(groups) groups do not divide \(channels) channels and \(filters) filters"
    )
    let shape = weightShape(
      filters, channels / groups, kernel, rank: Over.rank, in: "Conv\(Over.rank)D")
    let taps = shape.elementCount / (filters * (channels / groups))
    weight = Parameter(
      initializer.tensor(
        shape, inputs: channels / groups * taps, outputs: filters / groups * taps))
    bias = hasBias ? Parameter(.zeros([filters])) : nil
    windows = Windows(stride: stride, padding: padding, dilation: dilation)
    self.groups = groups
    self.activation = activation
    self.flipsKernel = flipsKernel
    self.method = method
  }

  /// A layer on parameters that exist, for instance a decoder's: [filters, channels / groups,
  /// kernel…] and [filters].
  public init(
    weight: Parameter, bias: Parameter? = nil, stride: PerAxis = 1, padding: Padding = .valid,
    dilation: PerAxis = 1, groups: Int = 1, activation: Activation = .identity,
    flipsKernel: Bool = false, method: ConvolutionMethod = .fastest
  ) {
    require(
      weight.shape.count == Over.rank + 2,
      "Conv\(Over.rank)D: the weight has shape \(weight.shape), not [filters, channels, kernel…]")
    self.weight = weight
    self.bias = bias
    windows = Windows(stride: stride, padding: padding, dilation: dilation)
    self.groups = groups
    self.activation = activation
    self.flipsKernel = flipsKernel
    self.method = method
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      correlate(
        x, flipsKernel ? flippedInSpace(weight.value) : weight.value, bias: bias?.value, windows,
        groups: groups, activation: activation, method: method, in: "Conv\(Over.rank)D")
    }
  }
}

/// `Conv` over one axis of space: [batch, channel, width].
public typealias Conv1D = Convolution<Line>
/// `Conv` over two axes of space: [batch, channel, height, width].
public typealias Conv2D = Convolution<Plane>
/// `Conv` over three axes of space: [batch, channel, depth, height, width].
public typealias Conv3D = Convolution<Volume>

/// [first, second, kernel…] with the kernel spread over all axes of space.
func weightShape(
  _ first: Int, _ second: Int, _ kernel: PerAxis, rank: Int, in operation: String
) -> Shape {
  let kernel = (0..<rank).map { kernel.value($0, of: rank, named: "kernel", in: operation) }
  require(kernel.allSatisfy { $0 > 0 }, "\(operation): the kernel \(kernel) is empty")
  return Shape([first, second] + kernel)
}
