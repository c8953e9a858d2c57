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
public protocol OptimizerRecipe<Chain>: ForwardingOptimizer where Inner == Chain {
  /// The chain that the recipe names.
  associatedtype Chain: Optimizer

  /// What the settings mean.
  var chain: Chain { get }
}

extension OptimizerRecipe {
  public var inner: Chain { chain }

  public var isRowLocal: Bool { chain.isRowLocal }
}
