import Core

extension Optimizer {
  /// This rule for most parameters, another for those of a selection.
  ///
  /// ```swift
  /// let rule = AdamW(learningRate: 1e-3, weightDecay: 0.1)
  ///   .using(AdamW(learningRate: 1e-3, weightDecay: 0), for: .vectors || "embedding.*")
  ///   .scheduled(.cosine(over: 1000))
  /// ```
  ///
  /// Groups nest: the outermost selection that picks a parameter decides. Clipping within a group
  /// looks at the norm of that group, clipping around them at the norm of all. Names and shapes are
  /// looked at once, when an ``Core/Optimizing`` is made; without one, no parameter has a name.
  public func using<Other: Optimizer>(
    _ other: Other, for selection: ParameterSelection
  ) -> Grouped<Self, Other> {
    Grouped(base: self, other: other, selection: selection)
  }
}

/// One rule for some parameters, another for the rest: `Optimizer.using(_:for:)`.
public struct Grouped<Base: Optimizer, Other: Optimizer>: Optimizer {
  /// The rule of all other parameters.
  public var base: Base
  /// The rule of the group.
  public var other: Other
  /// Who goes by ``other``. Parameters keep the group that they were in at first.
  public let selection: ParameterSelection

  public func initialState(for parameter: Tensor) -> GroupState<Base.State, Other.State> {
    initialState(for: parameter, named: "")
  }

  public func initialState(
    for parameter: Tensor, named name: String
  ) -> GroupState<Base.State, Other.State> {
    selection(name, parameter.shape)
      ? GroupState(other: other.initialState(for: parameter, named: name))
      : GroupState(base: base.initialState(for: parameter, named: name))
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor,
    state: inout GroupState<Base.State, Other.State>, at iteration: Int
  ) -> Tensor {
    state.base != nil
      ? base.step(for: gradient, of: parameter, state: &state.base!, at: iteration)
      : other.step(for: gradient, of: parameter, state: &state.other!, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor,
    state: inout GroupState<Base.State, Other.State>, at iteration: Int
  ) {
    if state.base != nil {
      base.update(&parameter, along: gradient, state: &state.base!, at: iteration)
    } else {
      other.update(&parameter, along: gradient, state: &state.other!, at: iteration)
    }
  }

  public var isRowLocal: Bool { base.isRowLocal && other.isRowLocal }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    base.prepare(gradients.filtered { !selection($0, $1) }, at: iteration)
      + other.prepare(gradients.filtered { selection($0, $1) }, at: iteration)
  }
}

/// What the rule of a parameter's group remembers: one of the two.
public struct GroupState<Base, Other>: OptimizerState {
  /// What the rule of all other parameters remembers.
  public internal(set) var base: Base?
  /// What the rule of the group remembers.
  public internal(set) var other: Other?

  init(base: Base) { self.base = base }
  init(other: Other) { self.other = other }

  public mutating func visit(by visitor: inout some StateVisitor) {
    if base != nil { visitor.visit("base", within: &base!) }
    if other != nil { visitor.visit("other", within: &other!) }
  }
}

extension Grouped: RateAdjustable where Base: RateAdjustable, Other: RateAdjustable {
  /// The rate of most parameters. Setting it leaves the other group's, ``scaleRate(by:)`` and
  /// schedules move both alike. Decoupled decay around the groups goes by this rate: put it inside
  /// where the groups' rates differ.
  public var learningRate: Double {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }

  public var learningRates: [Double] {
    get { base.learningRates + other.learningRates }
    set {
      let count = base.learningRates.count
      base.learningRates = Array(newValue.prefix(count))
      other.learningRates = Array(newValue.dropFirst(count))
    }
  }

  public func learningRate(at iteration: Int) -> Double { base.learningRate(at: iteration) }

  public mutating func scaleRate(by factor: Double) {
    base.scaleRate(by: factor)
    other.scaleRate(by: factor)
  }
}

extension Grouped: Sendable where Base: Sendable, Other: Sendable {}
extension GroupState: Sendable where Base: Sendable, Other: Sendable {}
