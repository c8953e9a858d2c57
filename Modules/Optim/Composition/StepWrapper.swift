import Core

/// A wrapper that changes the base's step itself, so that the base's update in place is of no use:
/// an update subtracts the step.
public protocol StepWrapper: OptimizerWrapper {}

extension StepWrapper {
  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout Base.State,
    at iteration: Int
  ) {
    parameter -= step(for: gradient, of: parameter, state: &state, at: iteration)
  }
}
