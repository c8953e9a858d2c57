internal import Kernels

/// Runs `body` with a parameter's ``Parameter/value`` read as `value`, on this thread.
///
/// Gradients flow into `value`: what a layer computes with its parameter inside is then a function
/// of what `value` was computed from. So a wrapper can put a computed weight in the place of any
/// layer's own, without the layer knowing.
///
/// ```swift
/// let y = substituting(weight / weight.norm(), for: layer.weight) { layer(x) }
/// ```
///
/// - Parameter value: In the parameter's shape and type.
public func substituting<Result>(
  _ value: Tensor, for parameter: Parameter, _ body: () throws -> Result
) rethrows -> Result {
  try substituting([value], for: [parameter], body)
}

/// The same for several parameters at once.
///
/// - Parameter values: One for each parameter, in its shape and type.
public func substituting<Result>(
  _ values: [Tensor], for parameters: [Parameter], _ body: () throws -> Result
) rethrows -> Result {
  require(
    values.count == parameters.count,
    "substituting: \(values.count) values for \(parameters.count) parameters")
  let context = apus_thread_context().unsafelyUnwrapped
  let outer = context.pointee.overrides
  var tensors = outer.map { Overrides.from($0).tensors } ?? [:]
  for (value, parameter) in zip(values, parameters) {
    require(
      value.shape == parameter.shape && value.dtype == parameter.dtype,
      "substituting: the parameter holds \(parameter.dtype) of shape \(parameter.shape), the value \(value.dtype) of shape \(value.shape)"
    )
    tensors[ObjectIdentifier(parameter)] = value
  }
  let overrides = Overrides(tensors)
  context.pointee.overrides = Unmanaged.passUnretained(overrides).toOpaque()
  defer {
    context.pointee.overrides = outer
    extendLifetime(overrides)
  }
  return try body()
}
