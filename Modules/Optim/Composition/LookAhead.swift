import Core

extension Optimizer {
  /// This rule explores; a slow copy of each parameter follows every few steps, and the rule goes
  /// on from there.
  ///
  ///     every k steps:  φ ← φ + α (θ − φ),    θ ← φ
  ///
  /// - Parameters:
  ///   - period: k; 6 unless told otherwise.
  ///   - fraction: α; 0.5 unless told otherwise.
  ///
  /// Source: [Zhang et al. 2019]. Evaluate after a multiple of k steps, when θ is φ.
  public func withLookAhead(every period: Int = 6, fraction: Double = 0.5) -> LookAhead<Self> {
    require(
      period > 0 && fraction > 0 && fraction <= 1,
      "withLookAhead: every \(period) steps by the fraction \(fraction)")
    return LookAhead(base: self, period: period, fraction: fraction)
  }
}

/// A rule with a slow copy of the parameters: `Optimizer.withLookAhead(every:fraction:)`.
public struct LookAhead<Base: Optimizer>: Optimizer {
  /// The rule that runs ahead.
  public var base: Base
  /// k
  public var period: Int
  /// α
  public var fraction: Double

  public func initialState(for parameter: Tensor) -> LookAheadState<Base.State> {
    LookAheadState(base: base.initialState(for: parameter), slow: parameter)
  }

  public func initialState(
    for parameter: Tensor, named name: String
  ) -> LookAheadState<Base.State> {
    LookAheadState(base: base.initialState(for: parameter, named: name), slow: parameter)
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout LookAheadState<Base.State>,
    at iteration: Int
  ) -> Tensor {
    let step = base.step(for: gradient, of: parameter, state: &state.base, at: iteration)
    return state.isDue(period) ? parameter - state.follow(parameter - step, fraction) : step
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout LookAheadState<Base.State>,
    at iteration: Int
  ) {
    base.update(&parameter, along: gradient, state: &state.base, at: iteration)
    if state.isDue(period) { parameter = state.follow(parameter, fraction) }
  }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    base.prepare(gradients, at: iteration)
  }
}

/// What ``LookAhead`` remembers for a parameter.
public struct LookAheadState<Base>: OptimizerState {
  /// What the rule that runs ahead remembers.
  public internal(set) var base: Base
  /// φ
  public internal(set) var slow: Tensor
  /// Steps since the last synchronisation.
  public internal(set) var count = 0

  /// Counts a step and says whether it is a k-th one.
  mutating func isDue(_ period: Int) -> Bool {
    count += 1
    return count % period == 0
  }

  /// Moves the slow copy and returns it.
  mutating func follow(_ fast: Tensor, _ fraction: Double) -> Tensor {
    slow += fraction * (fast - slow)
    return slow
  }

  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("base", within: &base)
    visitor.visit("slow", &slow)
    visitor.visit("count", &count)
  }
}

extension LookAhead: RateAdjustable where Base: RateAdjustable {
  public var learningRate: Double {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }

  public var learningRates: [Double] {
    get { base.learningRates }
    set { base.learningRates = newValue }
  }

  public func learningRate(at iteration: Int) -> Double { base.learningRate(at: iteration) }

  public mutating func scaleRate(by factor: Double) { base.scaleRate(by: factor) }
}

extension LookAhead: Sendable where Base: Sendable {}
extension LookAheadState: Sendable where Base: Sendable {}
