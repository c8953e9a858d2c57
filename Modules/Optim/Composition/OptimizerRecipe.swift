import Core

/// A named rule that is a chain of mechanisms.
///
/// The recipe holds the settings and says what they mean; everything else passes to the chain.
///
/// ```swift
/// struct SignedMomentum: OptimizerRecipe {
///   var learningRate = 1e-3
///   var chain: some Optimizer<RunningAverage> {
///     MovingAverage(beta: 0.9).withSignedStep().scaled(by: learningRate)
///   }
/// }
/// ```
///
/// The chain is made anew at each step, so settings may change between updates; it is a few
/// numbers.
public protocol OptimizerRecipe<Chain>: Optimizer where State == Chain.State {
  associatedtype Chain: Optimizer

  /// What the settings mean.
  var chain: Chain { get }
}

extension OptimizerRecipe {
  public func initialState(for parameter: Tensor) -> Chain.State {
    chain.initialState(for: parameter)
  }

  public func initialState(for parameter: Tensor, named name: String) -> Chain.State {
    chain.initialState(for: parameter, named: name)
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Chain.State, at iteration: Int
  ) -> Tensor {
    chain.step(for: gradient, of: parameter, state: &state, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout Chain.State,
    at iteration: Int
  ) {
    chain.update(&parameter, along: gradient, state: &state, at: iteration)
  }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    chain.prepare(gradients, at: iteration)
  }
}
