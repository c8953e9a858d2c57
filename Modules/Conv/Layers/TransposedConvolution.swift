import Core

/// A layer that convolves back: activation(weightᵀ z + bias), the adjoint of a ``Convolution``.
///
/// ```swift
/// let layer = TransposedConv2D(32, 16, kernel: 2, stride: 2)
/// let x = layer(z)                           // [batch, 32, 14, 14] → [batch, 16, 28, 28]
/// ```
///
/// The weight has shape [inputs, outputs / groups, kernel…], as PyTorch's `nn.ConvTranspose2d` does
/// and as the convolution that it is the adjoint of. A decoder tied to its encoder holds the
/// encoder's parameter:
///
/// ```swift
/// let encoder = Conv2D(1, 8, kernel: 3, stride: 2)
/// let decoder = TransposedConv2D(weight: encoder.weight, stride: 2)
/// ```
public struct TransposedConvolution<Over: Space>: Layer, Sendable {
  /// [inputs, outputs / groups, kernel…]
  public let weight: Parameter
  /// [outputs]
  public let bias: Parameter?
  /// Stride, padding and dilation.
  public let windows: Windows
  /// What is added at the end of the result, for inputs that a stride makes ambiguous.
  public let outputPadding: PerAxis
  /// Into how many parts the channels are split that do not see each other.
  public let groups: Int
  /// What is applied to the result.
  public let activation: Activation
  /// The algorithm.
  public let method: ConvolutionMethod

  /// - Parameters:
  ///   - inputs: How many channels the input has.
  ///   - outputs: How many the output has.
  ///   - kernel: The extents of a kernel.
  ///   - padding: That of the convolution it is the adjoint of: it makes the output smaller.
  ///   - outputPadding: How many places of the output lie beyond the last window.
  ///   - hasBias: Whether the bias is there. It starts at 0.
  ///   - initializer: Draws the weight; the default is Glorot's uniform.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: PerAxis, stride: PerAxis = 1,
    padding: Padding = .valid, outputPadding: PerAxis = 0, dilation: PerAxis = 1, groups: Int = 1,
    activation: Activation = .identity, hasBias: Bool = true,
    method: ConvolutionMethod = .fastest, initializer: Initializer = .glorotUniform
  ) {
    let name = "TransposedConv\(Over.rank)D"
    require(
      inputs > 0 && outputs > 0 && groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "\(name): \(groups) groups do not divide \(inputs) inputs and \(outputs) outputs")
    let shape = weightShape(inputs, outputs / groups, kernel, rank: Over.rank, in: name)
    let taps = shape.elementCount / (inputs * (outputs / groups))
    weight = Parameter(
      initializer.tensor(shape, inputs: inputs / groups * taps, outputs: outputs / groups * taps))
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    windows = Windows(stride: stride, padding: padding, dilation: dilation)
    self.outputPadding = outputPadding
    self.groups = groups
    self.activation = activation
    self.method = method
  }

  /// A layer on parameters that exist, for instance its encoder's: [inputs, outputs / groups,
  /// kernel…] and [outputs].
  public init(
    weight: Parameter, bias: Parameter? = nil, stride: PerAxis = 1, padding: Padding = .valid,
    outputPadding: PerAxis = 0, dilation: PerAxis = 1, groups: Int = 1,
    activation: Activation = .identity, method: ConvolutionMethod = .fastest
  ) {
    require(
      weight.shape.count == Over.rank + 2,
      "TransposedConv\(Over.rank)D: the weight has shape \(weight.shape), not [inputs, outputs, kernel…]"
    )
    self.weight = weight
    self.bias = bias
    windows = Windows(stride: stride, padding: padding, dilation: dilation)
    self.outputPadding = outputPadding
    self.groups = groups
    self.activation = activation
    self.method = method
  }

  public func callAsFunction(_ z: Tensor) -> Tensor { transposed(z, size: nil) }

  /// The result with these extents in space: of the sizes that the convolution takes to the code's,
  /// the one wanted. Traps when it does not take it there.
  public func callAsFunction(_ z: Tensor, size: [Int]) -> Tensor { transposed(z, size: size) }

  private func transposed(_ z: Tensor, size: [Int]?) -> Tensor {
    reported(self, z) { z in
      transpose(
        z, weight.value, bias: bias?.value, windows, outputPadding: outputPadding, size: size,
        groups: groups, activation: activation, method: method, in: "TransposedConv\(Over.rank)D")
    }
  }
}

/// `TransposedConv` over one axis of space: [batch, channel, width].
public typealias TransposedConv1D = TransposedConvolution<Line>
/// `TransposedConv` over two axes of space: [batch, channel, height, width].
public typealias TransposedConv2D = TransposedConvolution<Plane>
/// `TransposedConv` over three axes of space: [batch, channel, depth, height, width].
public typealias TransposedConv3D = TransposedConvolution<Volume>
