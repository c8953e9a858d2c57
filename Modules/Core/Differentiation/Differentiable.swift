/// An operation with a hand-written derivative.
///
/// ```swift
/// func square(_ x: Tensor) -> Tensor {
///   differentiable(x, value: { $0 * $0 }, pullback: { x, _, upstream in 2 * x * upstream })
/// }
/// ```
///
/// - Parameters:
///   - name: What ``findingNonFinite(ignoringInfinities:_:)`` calls the operation; the function that
///     calls this one by default.
///   - value: Computes the result; nothing inside it is recorded.
///   - pullback: From the input, the result and the gradient with respect to the result, the
///     gradient with respect to the input, in the input's shape. Written in tensor operations it
///     can be differentiated again.
public func differentiable(
  _ x: Tensor,
  as name: StaticString = #function,
  value: (Tensor) -> Tensor,
  pullback: @escaping @Sendable (_ x: Tensor, _ value: Tensor, _ upstream: Tensor) -> Tensor
) -> Tensor {
  let result = withoutDerivative { unwatched { value(x.detached) } }
  guard x.isTracked else { return result.detached }
  let input = Saved(x)
  let output = Saved(result)
  return result.detached.recorded(from: x, as: name) { upstream, node in
    let gradient = pullback(input.restored(node.first), output.restored(node), upstream)
    requireShape(gradient, input.shape)
    return gradient
  }
}

/// An operation of two inputs with a hand-written derivative.
public func differentiable(
  _ x: Tensor, _ y: Tensor,
  as name: StaticString = #function,
  value: (Tensor, Tensor) -> Tensor,
  pullback:
    @escaping @Sendable (
      _ x: Tensor, _ y: Tensor, _ value: Tensor, _ upstream: Tensor
    ) -> (Tensor, Tensor)
) -> Tensor {
  let result = differentiable([x, y], as: name, value: { value($0[0], $0[1]) }) {
    inputs, output, upstream in
    let (first, second) = pullback(inputs[0], inputs[1], output, upstream)
    return [first, second]
  }
  return result
}

/// An operation of any number of inputs with a hand-written derivative.
///
/// The pull-back returns one gradient for each input, in its shape.
public func differentiable(
  _ inputs: [Tensor],
  as name: StaticString = #function,
  value: ([Tensor]) -> Tensor,
  pullback:
    @escaping @Sendable (
      _ inputs: [Tensor], _ value: Tensor, _ upstream: Tensor
    ) -> [Tensor]
) -> Tensor {
  require(!inputs.isEmpty, "differentiable: no inputs")
  let result = withoutDerivative { unwatched { value(inputs.map { $0.detached }) } }.detached
  guard isRecording() || isWatched() else { return result }
  let saved = inputs.map(Saved.init)
  let output = Saved(result)
  return result.recorded(from: inputs, as: name) { upstream, node, _ in
    let restored = saved.enumerated().map { $1.restored(node.input($0)) }
    let gradients = pullback(restored, output.restored(node), upstream)
    require(
      gradients.count == saved.count,
      "differentiable: \(saved.count) inputs, but the pull-back returned \(gradients.count) gradients"
    )
    for (gradient, input) in zip(gradients, saved) { requireShape(gradient, input.shape) }
    return Cotangents(all: gradients)
  }
}

private func requireShape(_ gradient: Tensor, _ shape: Shape) {
  require(
    gradient.shape == shape,
    "differentiable: the input has shape \(shape), its gradient from the pull-back \(gradient.shape)"
  )
}
