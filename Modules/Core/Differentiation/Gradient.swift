/// The value of `function` at `x` and its gradient there.
///
/// ```swift
/// let (value, gradient) = valueWithGradient(at: x) { x in (x * x).sum() }   // gradient = 2x
/// ```
///
/// The function must return one floating-point number. Derivatives nest: the closure may itself
/// take gradients. Other tensors that the closure captures count as constants (or as variables of
/// the enclosing derivative).
public func valueWithGradient(
  at x: Tensor, _ function: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: Tensor) {
  let (value, gradients, _) = try differentiate([x]) { (try function($0[0]), ()) }
  return (value, gradients[0])
}

/// The value of a function of two tensors and its gradients with respect to both.
public func valueWithGradient(
  at x: Tensor, _ y: Tensor, _ function: (Tensor, Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: (Tensor, Tensor)) {
  let (value, gradients, _) = try differentiate([x, y]) { (try function($0[0], $0[1]), ()) }
  return (value, (gradients[0], gradients[1]))
}

/// The value of a function of three tensors and its gradients with respect to all.
public func valueWithGradient(
  at x: Tensor, _ y: Tensor, _ z: Tensor, _ function: (Tensor, Tensor, Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: (Tensor, Tensor, Tensor)) {
  let (value, gradients, _) = try differentiate([x, y, z]) {
    (try function($0[0], $0[1], $0[2]), ())
  }
  return (value, (gradients[0], gradients[1], gradients[2]))
}

/// The value of a function of a list of tensors and its gradients with respect to all.
public func valueWithGradient(
  at inputs: [Tensor], _ function: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, gradient: [Tensor]) {
  let (value, gradients, _) = try differentiate(inputs) { (try function($0), ()) }
  return (value, gradients)
}

/// The value and gradient of a function that returns something beside its loss.
public func valueWithGradient<Auxiliary>(
  at x: Tensor, _ function: (Tensor) throws -> (Tensor, Auxiliary)
) rethrows -> (value: Tensor, gradient: Tensor, auxiliary: Auxiliary) {
  let (value, gradients, auxiliary) = try differentiate([x]) { try function($0[0]) }
  return (value, gradients[0], auxiliary)
}

/// The gradient of `function` at `x`.
public func gradient(at x: Tensor, _ function: (Tensor) throws -> Tensor) rethrows -> Tensor {
  try valueWithGradient(at: x, function).gradient
}

/// The gradients of a function of two tensors.
public func gradient(
  at x: Tensor, _ y: Tensor, _ function: (Tensor, Tensor) throws -> Tensor
) rethrows -> (Tensor, Tensor) {
  try valueWithGradient(at: x, y, function).gradient
}

/// The gradients of a function of three tensors.
public func gradient(
  at x: Tensor, _ y: Tensor, _ z: Tensor, _ function: (Tensor, Tensor, Tensor) throws -> Tensor
) rethrows -> (Tensor, Tensor, Tensor) {
  try valueWithGradient(at: x, y, z, function).gradient
}

private func differentiate<Auxiliary>(
  _ inputs: [Tensor], _ function: ([Tensor]) throws -> (Tensor, Auxiliary)
) rethrows -> (Tensor, [Tensor], Auxiliary) {
  let (value, gradients, auxiliary) = try withDerivativeScope {
    let variables = inputs.map { $0.variable() }
    let (value, auxiliary) = try function(variables)
    requireScalar(value, in: "valueWithGradient")
    let gradients = backward(
      [(value, Tensor.ones(like: value))], at: variables.map { $0.node.unsafelyUnwrapped })
    return (value, zip(inputs, gradients).map { $1 ?? Tensor.zeros(like: $0) }, auxiliary)
  }
  return (
    value.leavingScope(), gradients.map { $0.leavingScope() }, auxiliaryLeavingScope(auxiliary)
  )
}

/// An auxiliary output must not keep the graph of its scope alive; tensors and arrays of them are
/// cut from it here, other types leave as they are.
func auxiliaryLeavingScope<Auxiliary>(_ auxiliary: Auxiliary) -> Auxiliary {
  if Auxiliary.self == Void.self || isRecording() { return auxiliary }
  if let tensor = auxiliary as? Tensor { return tensor.detached as! Auxiliary }
  if let tensors = auxiliary as? [Tensor] { return tensors.map(\.detached) as! Auxiliary }
  return auxiliary
}
