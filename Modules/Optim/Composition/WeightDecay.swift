import Core

extension Optimizer {
  /// This rule on the loss plus (λ/2) ‖θ‖²: each gradient gains λ θ.
  ///
  /// The rules that have a `weightDecay` of their own do the same within their one pass.
  public func withL2Decay(_ decay: Double) -> L2Decayed<Self> {
    requireDecay(decay, in: "withL2Decay")
    return L2Decayed(base: self, decay: decay)
  }
}

extension Optimizer {
  /// This mechanism's step plus λ θ: for a chain that goes on to scale both.
  ///
  ///     step ← step + λ θ
  ///
  /// `AdamScaling().addingDecay(0.01).scaled(by: 1e-3)` is AdamW.
  public func addingDecay(_ decay: Double) -> DecayAdded<Self> {
    requireDecay(decay, in: "addingDecay")
    return DecayAdded(base: self, decay: decay)
  }
}

extension Optimizer where Self: RateAdjustable {
  /// This rule, and each step takes η λ θ away from the parameter beside, with η the rate in force.
  ///
  ///     θ ← θ − η λ θ − step(∇L(θ))
  ///
  /// The rule's own memory sees the loss alone. Without momentum this is the same as L2 decay.
  ///
  /// Source: [Loshchilov and Hutter 2019].
  public func withDecoupledDecay(_ decay: Double) -> DecoupledDecayed<Self> {
    requireDecay(decay, in: "withDecoupledDecay")
    return DecoupledDecayed(base: self, decay: decay)
  }
}

/// A rule on a loss with a quadratic penalty: `Optimizer.withL2Decay(_:)`.
public struct L2Decayed<Base: Optimizer>: OptimizerWrapper {
  public typealias State = Base.State

  public var base: Base
  /// λ
  public var decay: Double

  /// What decays does so in every row.
  public var isRowLocal: Bool { decay == 0 && base.isRowLocal }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    base.step(
      for: penalised(gradient, parameter), of: parameter, state: &state, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout State, at iteration: Int
  ) {
    let gradient = penalised(gradient, parameter)
    base.update(&parameter, along: gradient, state: &state, at: iteration)
  }

  private func penalised(_ gradient: Tensor, _ parameter: Tensor) -> Tensor {
    decay == 0 ? gradient : gradient + decay * parameter
  }
}

/// A mechanism with λ θ added to its steps: `Optimizer.addingDecay(_:)`.
public struct DecayAdded<Base: Optimizer>: StepWrapper {
  public typealias State = Base.State

  public var base: Base
  /// λ
  public var decay: Double

  /// What decays does so in every row.
  public var isRowLocal: Bool { decay == 0 && base.isRowLocal }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    let step = base.step(for: gradient, of: parameter, state: &state, at: iteration)
    return decay == 0 ? step : step + decay * parameter
  }
}

/// A rule beside which parameters shrink: `Optimizer.withDecoupledDecay(_:)`.
public struct DecoupledDecayed<Base: Optimizer & RateAdjustable>: OptimizerWrapper, RateAdjustable {
  public typealias State = Base.State

  public var base: Base
  /// λ
  public var decay: Double

  /// What decays does so in every row.
  public var isRowLocal: Bool { decay == 0 && base.isRowLocal }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    let shrinkage = (learningRate(at: iteration) * decay) * parameter
    return shrinkage + base.step(for: gradient, of: parameter, state: &state, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout State, at iteration: Int
  ) {
    // From the parameter as it was before the base's step, in place or not.
    let shrinkage = (learningRate(at: iteration) * decay) * parameter
    base.update(&parameter, along: gradient, state: &state, at: iteration)
    parameter -= shrinkage
  }
}

extension L2Decayed: RateAdjustable where Base: RateAdjustable {}
extension L2Decayed: Sendable where Base: Sendable {}
extension DecayAdded: RateAdjustable where Base: RateAdjustable {}
extension DecayAdded: Sendable where Base: Sendable {}
extension DecoupledDecayed: Sendable where Base: Sendable {}
