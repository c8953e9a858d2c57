/// The value of `function` at `x`, and the map that takes a gradient with respect to the value to
/// one with respect to `x`: v ↦ vᵀ ∂f/∂x.
///
/// The pull-back may be called any number of times.
public func vjp(
  at x: Tensor, _ function: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, pullback: @Sendable (Tensor) -> Tensor) {
  let (value, variable) = try withDerivativeScope {
    let variable = x.variable()
    return (try function(variable), variable)
  }
  let pullback: @Sendable (Tensor) -> Tensor = { upstream in
    requireUpstream(upstream, value)
    let gradient = withDerivativeScope {
      backward([(value, upstream)], at: [variable.node.unsafelyUnwrapped])[0]
    }
    return (gradient ?? Tensor.zeros(like: variable)).leavingScope()
  }
  return (value.leavingScope(), pullback)
}

/// The value of a function of two tensors, and the map that takes a gradient with respect to the
/// value to those with respect to both.
public func vjp(
  at x: Tensor, _ y: Tensor, _ function: (Tensor, Tensor) throws -> Tensor
) rethrows -> (value: Tensor, pullback: @Sendable (Tensor) -> (Tensor, Tensor)) {
  let (value, variables) = try withDerivativeScope {
    let variables = (x.variable(), y.variable())
    return (try function(variables.0, variables.1), variables)
  }
  let pullback: @Sendable (Tensor) -> (Tensor, Tensor) = { upstream in
    requireUpstream(upstream, value)
    let gradients = withDerivativeScope {
      backward(
        [(value, upstream)],
        at: [variables.0.node.unsafelyUnwrapped, variables.1.node.unsafelyUnwrapped])
    }
    return (
      (gradients[0] ?? Tensor.zeros(like: variables.0)).leavingScope(),
      (gradients[1] ?? Tensor.zeros(like: variables.1)).leavingScope()
    )
  }
  return (value.leavingScope(), pullback)
}

private func requireUpstream(_ upstream: Tensor, _ value: Tensor) {
  require(
    upstream.shape == value.shape,
    "vjp: the value has shape \(value.shape), the gradient handed in \(upstream.shape)")
}

/// The value of `function` at `x` and its directional derivative (∂f/∂x) · `tangent`.
///
/// The pull-back u ↦ uᵀ ∂f/∂x is linear in u, so its own derivative in u along the tangent is the
/// product asked for: two backward passes instead of a rule of its own for each operation.
public func jvp(
  at x: Tensor, along tangent: Tensor, _ function: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, tangent: Tensor) {
  require(
    tangent.shape == x.shape, "jvp: x has shape \(x.shape), the tangent \(tangent.shape)")
  let (value, result) = try withDerivativeScope {
    try withDerivativeScope {
      let variable = x.variable()
      let value = try function(variable)
      let upstream = Tensor.zeros(like: value).variable()
      let gradient = backward([(value, upstream)], at: [variable.node.unsafelyUnwrapped])[0]
      guard let gradient else { return (value, Tensor?.none) }
      let product = backward([(gradient, tangent)], at: [upstream.node.unsafelyUnwrapped])[0]
      return (value, product)
    }
  }
  return (value.leavingScope(), (result ?? Tensor.zeros(like: value)).leavingScope())
}

/// The Jacobian of `function` at `x`, of shape [output…, input…].
///
/// One backward pass for each element of the output.
public func jacobian(at x: Tensor, _ function: (Tensor) throws -> Tensor) rethrows -> Tensor {
  let (value, pullback) = try vjp(at: x, function)
  let count = value.count
  guard count > 0 else { return Tensor.zeros(Shape(value.shape + x.shape), dtype: x.dtype) }
  let basis = Tensor.identity(count, dtype: value.dtype)
  let rows = (0..<count).map { pullback(basis[$0].reshaped(value.shape)) }
  return stacked(rows).reshaped(Shape(value.shape + x.shape))
}

/// The matrix of second derivatives of a scalar function at `x`, of shape [input…, input…].
public func hessian(at x: Tensor, _ function: (Tensor) throws -> Tensor) rethrows -> Tensor {
  try jacobian(at: x) { x in try gradient(at: x, function) }
}

/// The product of the Hessian of a scalar function at `x` with a vector, without the matrix.
public func hessianVectorProduct(
  at x: Tensor, along direction: Tensor, _ function: (Tensor) throws -> Tensor
) rethrows -> Tensor {
  require(
    direction.shape == x.shape,
    "hessianVectorProduct: x has shape \(x.shape), the direction \(direction.shape)")
  return try gradient(at: x) { x in
    let gradient = try gradient(at: x, function)
    return (gradient * direction).sum()
  }
}
