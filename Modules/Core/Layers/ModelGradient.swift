internal import Kernels

/// The value of a loss and its gradients with respect to the parameters of a model.
///
/// ```swift
/// let (loss, gradients) = valueWithGradient(of: model) {
///   softmaxCrossEntropy(logits: model(batch.inputs), labels: batch.labels)
/// }
/// ```
///
/// The closure runs in training mode unless told otherwise, so that dropout and the like are on.
/// Frozen parameters are constants.
public func valueWithGradient<Model: Layer>(
  of model: Model, mode: Mode = .training, _ loss: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: Gradients) {
  let (value, gradients, _) = try differentiate([.of(model)], mode) { (try loss(), ()) }
  return (value, gradients[0])
}

/// The value and gradients of a loss that returns something beside.
public func valueWithGradient<Model: Layer, Auxiliary>(
  of model: Model, mode: Mode = .training, _ loss: () throws -> (Tensor, Auxiliary)
) rethrows -> (value: Tensor, gradients: Gradients, auxiliary: Auxiliary) {
  let (value, gradients, auxiliary) = try differentiate([.of(model)], mode, loss)
  return (value, gradients[0], auxiliary)
}

/// The value of a loss and its gradients with respect to two models at once.
public func valueWithGradient<First: Layer, Second: Layer>(
  of first: First, _ second: Second, mode: Mode = .training, _ loss: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: (Gradients, Gradients)) {
  let (value, gradients, _) = try differentiate([.of(first), .of(second)], mode) {
    (try loss(), ())
  }
  return (value, (gradients[0], gradients[1]))
}

/// The value of a loss and its gradients with respect to three models at once.
public func valueWithGradient<First: Layer, Second: Layer, Third: Layer>(
  of first: First, _ second: Second, _ third: Third, mode: Mode = .training,
  _ loss: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: (Gradients, Gradients, Gradients)) {
  let (value, gradients, _) = try differentiate(
    [.of(first), .of(second), .of(third)], mode
  ) {
    (try loss(), ())
  }
  return (value, (gradients[0], gradients[1], gradients[2]))
}

private func differentiate<Auxiliary>(
  _ lists: [ParameterList], _ mode: Mode, _ loss: () throws -> (Tensor, Auxiliary)
) rethrows -> (Tensor, [Gradients], Auxiliary) {
  let (value, gradients, auxiliary) = try withDerivativeScope {
    try withVariables(lists) {
      let (value, auxiliary) = try inMode(mode, loss)
      requireScalar(value, in: "valueWithGradient(of:)")
      // Parameters that the lists share have one leaf, which the pass counts once.
      let leaves = lists.map { $0.entries.map { $0.parameter.leaf } }
      let found = backwardToParameters(
        [(value, Tensor.ones(like: value))], at: leaves.joined().compactMap { $0 })
      var next = found.makeIterator()
      let gradients = zip(lists, leaves).map { list, leaves in
        Gradients(list: list, entries: leaves.map { $0 == nil ? nil : next.next()! })
      }
      return (value, gradients, auxiliary)
    }
  }
  let leaving = gradients.map { $0.mappedAlike { $0.leavingScope() } }
  return (value.leavingScope(), leaving, auxiliaryLeavingScope(auxiliary))
}

/// Inside another derivative, the parameters are rebound to fresh variables: the inner derivative
/// then sees only what its closure reads, and the outer one sees through them.
private func withVariables<Result>(
  _ lists: [ParameterList], _ body: () throws -> Result
) rethrows -> Result {
  let context = apus_thread_context().unsafelyUnwrapped
  guard context.pointee.depth > 1 else { return try body() }
  let outer = context.pointee.overrides
  var tensors = outer.map { Overrides.from($0).tensors } ?? [:]
  for list in lists {
    for entry in list.entries where !entry.parameter.isFrozen {
      tensors[ObjectIdentifier(entry.parameter)] = entry.parameter.value.variable()
    }
  }
  let overrides = Overrides(tensors)
  context.pointee.overrides = Unmanaged.passUnretained(overrides).toOpaque()
  defer {
    context.pointee.overrides = outer
    extendLifetime(overrides)
  }
  return try body()
}
