package import Kernels

/// An affine map, y = x Wᵀ + b, optionally followed by an activation in the same pass.
///
/// ```swift
/// let hidden = Dense(64, 128, activation: .softplus)
/// let y = hidden(x)                          // [batch…, 64] → [batch…, 128]
/// ```
///
/// The weight has shape [out, in], as PyTorch's `nn.Linear` does.
public struct Dense: Layer, Sendable {
  /// [out, in]
  public let weight: Parameter
  /// [out]
  public let bias: Parameter?
  /// What is applied to the sums, in the same pass.
  public let activation: Activation

  /// - Parameters:
  ///   - initializer: Draws the weight; the default is Glorot's uniform.
  ///   - hasBias: Whether b is there. It starts at 0.
  public init(
    _ inputs: Int, _ outputs: Int, activation: Activation = .identity, hasBias: Bool = true,
    initializer: Initializer = .glorotUniform
  ) {
    require(inputs >= 0 && outputs >= 0, "Dense: \(inputs) inputs and \(outputs) outputs")
    weight = Parameter(initializer.tensor([outputs, inputs], inputs: inputs, outputs: outputs))
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    self.activation = activation
  }

  /// A layer on parameters that exist, for instance another layer's: [out, in] and [out].
  public init(weight: Parameter, bias: Parameter? = nil, activation: Activation = .identity) {
    require(weight.shape.count == 2, "Dense: the weight has shape \(weight.shape), not [out, in]")
    self.weight = weight
    self.bias = bias
    self.activation = activation
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in
      linear(x, weight: weight.value, bias: bias?.value, activation: activation)
    }
  }
}

extension Dense: SummarizedLayer {
  public var summaryKind: String { activation == .identity ? "Dense" : "Dense, \(activation)" }
}

/// A function that a matrix product can apply while it writes its result.
public enum Activation: Int32, Sendable, CaseIterable {
  /// A function of each element, applied while a product is written.
  case identity, relu, tanh, sigmoid, softplus

  package var kernel: apus_activation { apus_activation(rawValue: rawValue).unsafelyUnwrapped }

  /// The function itself, recordable.
  package func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: fromOutput(.relu, x, fused: .relu_from_output) { y, g in g * sign(y) }
    case .tanh: Core.tanh(x)
    case .sigmoid: Core.sigmoid(x)
    case .softplus: Core.softplus(x)
    }
  }

  /// The gradient with respect to the pre-activation, from the output; recordable.
  package func gradient(_ upstream: Tensor, output y: Tensor) -> Tensor {
    switch self {
    case .identity: return upstream
    case .relu:
      return isRecording()
        ? upstream * sign(y) : apply(.relu_from_output, upstream, y, named: "relu")
    case .tanh:
      return isRecording()
        ? upstream * (1 - y * y) : apply(.tanh_from_output, upstream, y, named: "tanh")
    case .sigmoid:
      return isRecording()
        ? upstream * (y * (1 - y)) : apply(.sigmoid_from_output, upstream, y, named: "sigmoid")
    case .softplus:
      return isRecording()
        ? -upstream * expm1(-y) : apply(.softplus_from_output, upstream, y, named: "softplus")
    }
  }
}

/// activation(x Wᵀ + b) in one pass: x is […, in], W [out, in], b [out].
public func linear(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity
) -> Tensor {
  require(
    weight.rank == 2 && x.rank >= 1 && x.shape[x.rank - 1] == weight.shape[1],
    "linear: an input of shape \(x.shape) does not fit a weight of shape \(weight.shape) [out, in]")
  if let bias {
    require(
      bias.shape == [weight.shape[0]],
      "linear: a bias of shape \(bias.shape) does not fit a weight of shape \(weight.shape) [out, in]"
    )
  }
  if x.rank != 2 {
    let rows = x.rank == 1 ? x.expandingShape(at: 0) : x.reshaped([-1, weight.shape[1]])
    let y = linear(rows, weight: weight, bias: bias, activation: activation)
    return y.reshaped(Shape(x.shape.dropLast() + [weight.shape[0]]))
  }
  guard x.dtype == weight.dtype, bias?.dtype ?? x.dtype == x.dtype, x.dtype.isFloating else {
    let product = matmul(x, weight.transposed())
    return activation(bias.map { product + $0 } ?? product)
  }
  return fusedLinear(x, weight, bias, activation)
}

private func fusedLinear(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ activation: Activation
) -> Tensor {
  let dense = bias?.detached.contiguous()
  var epilogue = apus_epilogue(
    bias: dense.map { UnsafeRawPointer($0.pointer) }, activation: activation.kernel)
  let y = multiply(x, weight, transposingB: true, epilogue: &epilogue)
  extendLifetime(dense?.storage)
  guard x.isTracked || weight.isTracked || bias?.isTracked == true else { return y }
  let (savedX, savedWeight, savedY) = (Saved(x), Saved(weight), Saved(y))
  return y.recorded(from: x, weight, bias, as: "linear") { upstream, node, needs in
    // Of the pre-activation: [batch, out]
    let upstream = activation.gradient(upstream, output: savedY.restored(node))
    let bias = needs[2] ? upstream.sum(along: 0) : nil
    if isRecording() {
      return Cotangents(
        needs[0] ? matmul(upstream, savedWeight.restored(node.second)) : nil,
        needs[1] ? matmul(upstream.transposed(), savedX.restored(node.first)) : nil, bias)
    }
    return Cotangents(
      needs[0] ? multiply(upstream, savedWeight.restored(nil)) : nil,
      needs[1] ? multiply(upstream, savedX.restored(nil), transposingA: true) : nil, bias)
  }
}
