import Core

/// An auto-encoder with one hidden layer, encoder and decoder both convolutional.
///
/// ```
/// z = f(w ⋆ x + b)        y = g(vᵀ z + c)        v = w when tied
/// ```
///
/// Tied, the decoder holds the encoder's own `Parameter`, so that both uses train it (course document
/// 000, second exercise, question 4). An input that the stride does not divide is given back whole:
/// what the encoder's last window leaves over comes out as the decoder's bias.
///
/// ```swift
/// let model = withRandom(seed: 7) { ConvolutionalAutoencoder(1, 8, kernel: 3, stride: 2) }
/// let y = model(x)                           // [batch, 1, height, width], as x
/// ```
public struct ConvolutionalAutoencoder: Layer, Sendable {
  /// From pictures to codes.
  public let encoder: Conv2D
  /// From codes to pictures.
  public let decoder: TransposedConv2D

  /// - Parameters:
  ///   - channels: How many channels the images have.
  ///   - filters: How many the code has.
  ///   - isTied: Whether the decoder shares the encoder's weight.
  ///   - hidden: The encoder's activation.
  ///   - output: The decoder's activation.
  public init(
    _ channels: Int, _ filters: Int, kernel: PerAxis, stride: PerAxis = 1,
    padding: Padding = .valid, isTied: Bool = true, hidden: Activation = .relu,
    output: Activation = .sigmoid
  ) {
    encoder = Conv2D(
      channels, filters, kernel: kernel, stride: stride, padding: padding, activation: hidden)
    let own =
      isTied
      ? nil
      : TransposedConv2D(filters, channels, kernel: kernel, hasBias: false).weight
    decoder = TransposedConv2D(
      weight: own ?? encoder.weight, bias: Parameter(.zeros([channels])), stride: stride,
      padding: padding, activation: output)
  }

  /// Whether decoder and encoder share their weight.
  public var isTied: Bool { encoder.weight === decoder.weight }

  /// The code of images [batch, channels, height, width].
  public func encode(_ x: Tensor) -> Tensor { encoder(x) }

  /// The images of codes, with `size` as height and width.
  public func decode(_ z: Tensor, size: [Int]) -> Tensor { decoder(z, size: size) }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    decode(encode(x), size: Array(x.shape.suffix(2)))
  }
}
