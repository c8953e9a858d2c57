import Core

/// A rule that leaves to another one whatever it does not say itself.
///
/// ``OptimizerRecipe`` and ``OptimizerWrapper`` are made of it; conform to one of those.
public protocol ForwardingOptimizer<Inner>: Optimizer where State == Inner.State {
  /// The rule that does the work.
  associatedtype Inner: Optimizer

  /// The rule that answers.
  var inner: Inner { get }
}

extension ForwardingOptimizer {
  public func initialState(for parameter: Tensor) -> Inner.State {
    inner.initialState(for: parameter)
  }

  public func initialState(for parameter: Tensor, named name: String) -> Inner.State {
    inner.initialState(for: parameter, named: name)
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Inner.State, at iteration: Int
  ) -> Tensor {
    inner.step(for: gradient, of: parameter, state: &state, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout Inner.State,
    at iteration: Int
  ) {
    inner.update(&parameter, along: gradient, state: &state, at: iteration)
  }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    inner.prepare(gradients, at: iteration)
  }
}
