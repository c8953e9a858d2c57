internal import Kernels

/// Runs `body` with recording on, one derivative deeper.
@inline(__always)
func withDerivativeScope<Result>(_ body: () throws -> Result) rethrows -> Result {
  let context = apus_thread_context().unsafelyUnwrapped
  let recording = context.pointee.recording
  context.pointee.recording = 1
  context.pointee.depth += 1
  defer {
    context.pointee.recording = recording
    context.pointee.depth -= 1
  }
  return try body()
}

/// The gradients of `results`, for a caller inside a derivative scope.
///
/// Only an enclosing derivative can ask for the derivative of a gradient, so the outermost pass
/// records nothing.
func backward(
  _ results: [(tensor: Tensor, upstream: Tensor)], at targets: [Node]
) -> [Tensor?] {
  inBackwardPass { BackwardPass.gradients(of: results, at: targets) }
}

/// The same for a model's parameters, whose gradients may be a few rows.
func backwardToParameters(
  _ results: [(tensor: Tensor, upstream: Tensor)], at targets: [Node]
) -> [ParameterGradient?] {
  inBackwardPass { BackwardPass.parameterGradients(of: results, at: targets) }
}

private func inBackwardPass<Result>(_ body: () -> Result) -> Result {
  let context = apus_thread_context().unsafelyUnwrapped
  let recording = context.pointee.recording
  context.pointee.recording = context.pointee.depth > 1 ? 1 : 0
  defer { context.pointee.recording = recording }
  return body()
}

/// Runs `body` without recording: what it computes is constant to every derivative.
public func withoutDerivative<Result>(_ body: () throws -> Result) rethrows -> Result {
  let context = apus_thread_context().unsafelyUnwrapped
  let recording = context.pointee.recording
  context.pointee.recording = 0
  defer { context.pointee.recording = recording }
  return try body()
}

/// The value of `x`, through which no gradient flows.
public func stopGradient(_ x: Tensor) -> Tensor { x.detached }

extension Tensor {
  /// A fresh variable with this value; an enclosing derivative sees through it.
  func variable() -> Tensor {
    var result = self
    result.node = Node(node) { upstream, _, _ in Cotangents(upstream) }
    return result
  }

  /// What leaves a derivative scope: a constant, unless an enclosing derivative is recording.
  func leavingScope() -> Tensor { isRecording() ? self : detached }
}

/// The scalar that a gradient starts from.
func requireScalar(_ value: Tensor, in operation: StaticString) {
  require(
    value.count == 1 && value.dtype.isFloating,
    """
    \(operation): the function must return one floating-point number, got \(value.dtype) of shape \
    \(value.shape); reduce it with sum() or mean()
    """)
}
