import Core

extension Optimizer {
  /// Another rule on this one's steps: what this one would subtract is the other's gradient.
  ///
  /// ```swift
  /// // RMSProp with momentum
  /// let rule = RMSScaling(beta: 0.99).then(MomentumTrace(momentum: 0.9)).scaled(by: 1e-2)
  /// // AdaGrad's scaling in front of a complete rule, whose rate is then the chain's
  /// let other = AdaGradScaling().then(GradientDescent(learningRate: 0.1, momentum: 0.9))
  /// ```
  ///
  /// Both remember for themselves. Only the first sees the gradients of all parameters together, so
  /// clipping to a norm belongs around the chain or in its first link.
  public func then<Next: Optimizer>(_ next: Next) -> OptimizerChain<Self, Next> {
    OptimizerChain(first: self, second: next)
  }
}

/// A rule on another one's steps: `Optimizer.then(_:)`.
public struct OptimizerChain<First: Optimizer, Second: Optimizer>: Optimizer {
  /// The link that sees the gradient.
  public var first: First
  /// The link that sees the first one's step.
  public var second: Second

  public func initialState(for parameter: Tensor) -> OptimizerChainState<First.State, Second.State>
  {
    OptimizerChainState(
      first: first.initialState(for: parameter), second: second.initialState(for: parameter))
  }

  public func initialState(
    for parameter: Tensor, named name: String
  ) -> OptimizerChainState<First.State, Second.State> {
    OptimizerChainState(
      first: first.initialState(for: parameter, named: name),
      second: second.initialState(for: parameter, named: name))
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor,
    state: inout OptimizerChainState<First.State, Second.State>, at iteration: Int
  ) -> Tensor {
    let direction = first.step(
      for: gradient, of: parameter, state: &state.first, at: iteration)
    return second.step(for: direction, of: parameter, state: &state.second, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor,
    state: inout OptimizerChainState<First.State, Second.State>, at iteration: Int
  ) {
    let direction = first.step(
      for: gradient, of: parameter, state: &state.first, at: iteration)
    second.update(&parameter, along: direction, state: &state.second, at: iteration)
  }

  public var isRowLocal: Bool { first.isRowLocal && second.isRowLocal }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    first.prepare(gradients, at: iteration)
  }
}

/// What the two links of a ``OptimizerChain`` remember.
public struct OptimizerChainState<First, Second>: OptimizerState {
  /// What the first link remembers.
  public internal(set) var first: First
  /// What the second link remembers.
  public internal(set) var second: Second

  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("first", within: &first)
    visitor.visit("second", within: &second)
  }
}

extension OptimizerChain: RateAdjustable where Second: RateAdjustable {
  /// The rate of the last link.
  public var learningRate: Double {
    get { second.learningRate }
    set { second.learningRate = newValue }
  }

  public var learningRates: [Double] {
    get { second.learningRates }
    set { second.learningRates = newValue }
  }

  public func learningRate(at iteration: Int) -> Double { second.learningRate(at: iteration) }

  public mutating func scaleRate(by factor: Double) { second.scaleRate(by: factor) }
}

extension OptimizerChain: Sendable where First: Sendable, Second: Sendable {}
extension OptimizerChainState: Sendable where First: Sendable, Second: Sendable {}
