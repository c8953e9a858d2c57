import Core
internal import Kernels

/// The logarithm of the logistic function, exact where that itself would round to 0 or 1.
///
///     logSigmoid(x)  = ln σ(x) = −softplus(−x)
///     logSigmoid′(x) = σ(−x)
///
/// Source: course document 001, question 1(f).
public func logSigmoid(_ x: Tensor) -> Tensor {
  differentiable(floating(x)) { x in
    -softplus(-x)
  } pullback: { x, _, upstream in
    isRecording()
      ? upstream * sigmoid(-x) : apply(.softplus_from_input, upstream, -x, named: "logSigmoid")
  }
}

/// ``logSigmoid(_:)`` as a layer.
public struct LogSigmoid: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { logSigmoid(x) }
}
